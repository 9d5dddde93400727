package record

import (
	"maps"
	"slices"
	"strconv"
)

// Settings returns what the configurations of recs hold beside the seed: configs are the distinct ones, dotted, in the order in which
// recs has them, and configs[of[i]] is that of recs[i]. Values are equal where Text writes them alike.
func Settings(recs []Record) (of []int, configs []map[string]any) {
	of = make([]int, len(recs))
	known := map[string]int{}
	var text []byte
	for i, r := range recs {
		text = appendSettings(text[:0], r.Config, true)
		n, ok := known[string(text)]
		if !ok {
			n = len(configs)
			known[string(text)] = n
			config := r.Dotted()
			delete(config, "seed")
			configs = append(configs, config)
		}
		of[i] = n
	}
	return of, configs
}

// appendSettings writes a configuration so that unequal ones differ, without the seed at the top.
func appendSettings(text []byte, config map[string]any, top bool) []byte {
	var few [16]string
	keys := slices.AppendSeq(few[:0], maps.Keys(config))
	slices.Sort(keys)
	for _, k := range keys {
		if top && k == "seed" {
			continue
		}
		text = append(text, k...)
		switch v := config[k].(type) {
		case map[string]any:
			text = append(text, 1)
			text = append(appendSettings(text, v, false), 2)
		case nil:
			text = append(text, 3)
		case float64:
			text = append(strconv.AppendFloat(append(text, 0), v, 'g', -1, 64), 0)
		default:
			text = append(append(append(text, 0), Text(v)...), 0)
		}
	}
	return text
}
