package record

import (
	"fmt"
	"reflect"
	"testing"
)

func TestAboutATable(t *testing.T) {
	var many []string
	for i := range 13 {
		many = append(many, fmt.Sprint(i+1))
	}
	for _, c := range []struct {
		d    DataSource
		want string
	}{
		{DataSource{Classes: []string{"0", "1"}}, ""},
		{DataSource{Class: "species", Classes: []string{"setosa", "virginica"}}, "class species: 2 classes (setosa, virginica)"},
		{DataSource{Class: "c", Classes: many[:12]}, "class c: 12 classes (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)"},
		{DataSource{Class: "c", Classes: many}, "class c: 13 classes (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …, 13)"},
		{DataSource{Class: "a\nb", Classes: []string{"x, y", "z\u200b"}, Notes: []string{"n", "o"}}, `class "a\nb": 2 classes ("x, y", "z\u200b"); n; o`},
	} {
		if got := c.d.About(); got != c.want {
			t.Errorf("%+v: %s; want %s", c.d, got, c.want)
		}
	}
}

// A data set stands once, as the later of two manifests has it; one of another class column is another.
func TestJoinData(t *testing.T) {
	old := DataSource{Kind: "csv", Origin: "t", SHA256: "1"}
	named, other, newer := old, old, old
	named.Class, named.Classes = "c", []string{"x", "y"}
	other.Class, other.Classes = "d", []string{"x", "y"}
	newer.SHA256 = "2"
	for _, c := range []struct{ a, b, want []DataSource }{
		{nil, []DataSource{old}, []DataSource{old}},
		{[]DataSource{old, newer}, []DataSource{named}, []DataSource{named, newer}},
		{[]DataSource{named}, []DataSource{named, other, newer}, []DataSource{named, other, newer}},
	} {
		if got := JoinData(c.a, c.b); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v and %v are %v; want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestClassNames(t *testing.T) {
	sources := []DataSource{
		{Kind: "cifar10", Classes: []string{"airplane", "cat"}},
		{Kind: "csv", Class: "c", Classes: []string{"x", "y"}}, {Kind: "csv", Class: "d", Classes: []string{"z", "y"}}, {Kind: "csv", Class: "e", Classes: []string{"a", "b", "c"}},
		{Kind: "mnist"},
	}
	for _, c := range []struct {
		kind, class string
		n           int
		want        string
	}{
		{"cifar10", "", 2, "[airplane cat]"}, {"cifar10", "", 3, "[]"}, {"csv", "c", 2, "[x y]"}, {"csv", "d", 2, "[z y]"}, {"csv", "", 2, "[]"}, {"csv", "", 3, "[a b c]"},
		{"mnist", "", 10, "[]"}, {"mnist", "", 0, "[]"}, {"spirals", "", 2, "[]"},
	} {
		if got := fmt.Sprint(ClassNames(sources, c.kind, c.class, c.n)); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
