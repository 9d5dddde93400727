package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"strings"
)

// packed is v as JSON, compressed and in base64, whose letters mean nothing to a parser of HTML. A page packs the data of its script because
// they are most of the page; data.js unpacks them. Equal values give equal text. Base64 may spell NaN by chance, which a line break
// prevents: a search for NaN then finds only what the page says.
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
