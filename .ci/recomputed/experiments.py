"""The claims of each experiment: the comments in experiments/*/claims.go."""
import numpy as np
from scipy import stats

from .curves import BEST, LAST, Runs, curves, tuned
from .grid import granulated, scores, worst_sign
from .looks import lies_within, sam_is_lower, shows_sharpening
from .ranks import BY_DESIGN, FITTED, STOPPED, UNGATED, given_rho_and_m, power_falls, taus
from .records import swept, text
from .spectrum import spectrum
from .training import TUNED_BY_OTHERS, Claim, apiece, conclude, overall, training_m


def small_m(study):
    ms = study.measures()
    return ms[1] if ms and min(ms) == 1 else None


def small_m_predicts(gate):
    def reading(study, g=None):
        column = small_m(study)
        return [("", {s: of[0] for s, of in taus(study, [column], "error_gap", gate, g).items()} if column else {})]
    return reading


BASELINES = {"gradnorm": "gradient norm", "norm": "‖w‖", "distance": "distance from init", "train_loss": "train loss"}
MEASURES = {
    "hessian_max": "λ₁ of the Hessian", "trace": "tr H", "gradcov_trace": "tr V", "gradcov_max": "λ₁ of V", "worst(m=n rho=0.05)": "worst case",
    "adaptive(m=1 rho=0.5)": "adaptive m-sharpness, m = 1", "adaptive(m=n rho=0.5)": "adaptive sharpness, m = n", "average(sigma=0.01)": "average case",
    "keskar(eps=0.001)": "Keskar's sharpness", "critical": "critical sharpness", "flatness": "PAC-Bayes flatness",
    "flatness(relative=true)": "relative PAC-Bayes flatness", "path": "path norm", "spectral_logprod": "log of spectral norms",
    "frobenius_logprod": "log of Frobenius norms", "spectral_distance": "spectral distance from init", "margin": "margin", "feature_rank": "feature rank",
}


def small_m_beats(named):
    def at(gate):
        def reading(study, g=None):
            column = small_m(study)
            rivals = [c for c in named if any(t.number(c) is not None for t in study.trials)]
            of = taus(study, [column, *rivals], "error_gap", gate, g) if column and rivals else {}
            parts = []
            for i, rival in enumerate(rivals, 1):
                total = sum(ts[i] for ts in of.values())
                sign = {s: -1 if total - ts[i] < -1e-12 else 1 for s, ts in of.items()}
                parts.append(("against " + named[rival], {s: ts[0] - sign[s] * ts[i] for s, ts in of.items()}))
            return parts if of else []
        return reading
    return at


def on_the_grid(statistic, unit):
    def at(gate):
        def reading(study, g=None):
            column = small_m(study)
            of = scores(study, column, "error_gap", gate, statistic, g) if column else {}
            return [("", {s: unit(v) for s, v in of.items()})]
        return reading
    return at


def sam_beats_tuned_sgd(e):
    def reading(study, g=None):
        keys, base = swept(study.trials), {}
        if not curves(study, e) or any(k.startswith("data.") for k in keys):
            return []
        for t in study.trials:
            if not t.rho and t.error(e.test) is not None and t.error(e.by) is not None:
                name = ", ".join(f"{k.split('.')[-1].replace('_', ' ')} = {text(t.config.get(k))}" for k in keys)
                base.setdefault((name, 0, 0), Runs()).setdefault(t.seed, []).append(t)
        sam = [((c.name, m, rho), runs) for c in curves(study, e) for m in c.ms for rho, runs in c.at[m].items()]
        if len(base) < 2:
            return []
        both = tuned(e, study.seeds, [list(base.items()), sam], g)
        if not both or any((name, 0, 0) not in base for (name, _, _), _ in sam):
            return []
        there = {id(runs): base[name, 0, 0] for (name, _, _), runs in sam}
        lead = tuned(e, list(both), [sam], g, lambda runs, s: there[id(runs)].test(e, s, g) - runs.test(e, s, g))
        return conclude([
            ("SGD tuned", {s: [100 * (a - b)] for s, (a, b) in both.items()}),
            ("SGD at SAM's setting", {s: [100 * x] for s, (x,) in lead.items()}),
        ])
    return reading


def gain(c, g):
    """SAM's lead over the seed's run at rho = 0, with m and rho tuned."""
    sam = [(k, Runs({s: ts for s, ts in runs.items() if s in c.base})) for k, runs in c.side(c.ms)]
    return tuned(c.e, c.seeds, [sam], g, lambda runs, s: c.base.test(c.e, s, g) - runs.test(c.e, s, g))


def sam_beats_sgd(c, g):
    return [("SAM against SGD", {s: [100 * x] for s, (x,) in gain(c, g).items()})]


def small_m_beats_batch(c, g):
    small = [m for m in (1, 16) if m < c.batch and set(c.at.get(m, {})) & set(c.at.get(c.batch, {}))]
    both = tuned(c.e, c.seeds, [c.side([c.batch]), c.side(small)], g)
    return [("m = 1 or 16 against m = batch", {s: [100 * (a - b)] for s, (a, b) in both.items()})]


def at_every_noise(e, statistic):
    def reading(study, g=None):
        parts = []
        for level, trials in study.levels("data.label_noise"):
            found = overall(e, statistic)(trials, g)
            if not found:
                return []
            parts.append((f"label noise {level:.3g}, {found[0][0]}", found[0][1]))
        return parts
    return reading


def gain_grows(e):
    def reading(study, g=None):
        levels = study.levels("data.label_noise")
        by_setting = {}
        for _, trials in levels:
            for c in curves(trials, e):
                by_setting.setdefault(c.name, []).append(gain(c, g))
        noise = np.array([v for v, _ in levels], dtype=float)
        out = {}
        for gains in by_setting.values():
            if len(gains) < len(levels) or len(levels) < 2:
                continue
            for s in set(gains[0]).intersection(*gains[1:]):
                line = stats.linregress(noise, [float(100 * of[s][0]) for of in gains])
                out.setdefault(s, []).append(.2 * line.slope)
        return conclude([("", out)])
    return reading


def at_gates(of, gates):
    return [(gate, of(gate)) for gate in gates]


def msweep():
    falls, given = (lambda gap: lambda gate: power_falls(gap, gate)), lambda gate: given_rho_and_m("error_gap", gate)
    return training_m(overall) + [
        Claim("predictive-power-falls", -1, .02, power_falls("error_gap", BY_DESIGN), at_gates(falls("error_gap"), [FITTED, UNGATED])),
        Claim("predictive-power-falls-loss", -1, .02, power_falls("loss_gap", BY_DESIGN), at_gates(falls("loss_gap"), [FITTED, UNGATED])),
        Claim("given-rho-and-m", +1, .1, given(BY_DESIGN), at_gates(given, [FITTED, UNGATED])
              + [("at the measure's largest m", given_rho_and_m("error_gap", BY_DESIGN, largest=True))]),
    ]


def predict():
    def claim(name, sign, smallest, of):
        return Claim(name, sign, smallest, of(STOPPED), at_gates(of, [FITTED, UNGATED]))
    return [
        claim("small-m-predicts", +1, .1, small_m_predicts),
        claim("predictive-power-falls", -1, .02, lambda gate: power_falls("error_gap", gate)),
        claim("small-m-beats-baselines", +1, .05, small_m_beats(BASELINES)),
        claim("small-m-beats-measures", +1, .05, small_m_beats(MEASURES)),
        claim("small-m-granulated", +1, .1, on_the_grid(granulated, lambda psi: psi)),
        claim("small-m-right-everywhere", +1, .05, on_the_grid(worst_sign, lambda wrong: .5 - wrong)),
    ]


def robust():
    of = sam_beats_tuned_sgd
    return training_m(apiece) + [Claim("sam-beats-tuned-sgd", +1, .2, of(LAST), [(TUNED_BY_OTHERS, of(LAST.by_others()))])]


def labelnoise():
    def claim(name, smallest, of, e):
        return Claim(name, +1, smallest, of(e), [(TUNED_BY_OTHERS, of(e.by_others()))])
    sgd, batch = (lambda e: at_every_noise(e, sam_beats_sgd)), (lambda e: at_every_noise(e, small_m_beats_batch))
    return [
        claim("sam-beats-sgd", .5, sgd, LAST),
        claim("small-m-beats-batch", .2, batch, LAST),
        claim("gain-grows-with-noise", .5, gain_grows, LAST),
        claim("sam-beats-sgd-best-val", .5, sgd, BEST),
        claim("small-m-beats-batch-best-val", .2, batch, BEST),
    ]


def edge():
    longer = "while the train loss is between .3 and 1"

    def within(name, kinds, column):
        at = lies_within(kinds, column)
        return Claim(name, +1, .01, at(.5, 1, 1.5), [("within a factor of 1.25", at(.5, 1, 1.25)), (longer, at(.3, 1, 1.5))])

    return [
        within("gd-rides-its-edge", {0}, "hessian_max"),
        within("sam-rides-its-edge", {1}, "hessian_max"),
        within("unnormalised-sam-rides-its-edge", {2}, "hessian_max"),
        Claim("sam-edge-is-lower", +1, .1, sam_is_lower(.5, 1), [(longer, sam_is_lower(.3, 1))]),
        within("critical-step-tells-the-edge", {0}, "critical"),
        Claim("critical-step-shows-sharpening", +1, .1, shows_sharpening, []),
    ]


CLAIMS = {"msweep": msweep, "predict": predict, "robust": robust, "labelnoise": labelnoise, "spectrum": spectrum, "edge": edge}
