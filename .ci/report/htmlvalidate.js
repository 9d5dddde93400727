// What html-validate holds the pages to: every recommended rule.

export const config = {root: true, extends: ['html-validate:recommended']};

// And a page that a browser wrote out: it writes hidden="" for hidden, so these two rules would judge the browser.
export const written = {...config, rules: {'attribute-boolean-style': 'off', 'attribute-empty-style': 'off'}};
