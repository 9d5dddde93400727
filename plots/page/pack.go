package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"strings"
)

// packed is v as JSON, compressed, in the letters of base64, which mean nothing to a parser of HTML. A page packs the data of its
// script, for they are most of it; data.js unpacks them. Equal values give equal text: no time stands in it. Line breaks, which
// mean nothing to base64, keep chance from spelling NaN, so that who searches a page for NaN finds only what it says.
func packed(v any) (template.HTML, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := z.Write(text); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return template.HTML(strings.ReplaceAll(base64.StdEncoding.EncodeToString(b.Bytes()), "Na", "N\na")), nil
}
