// Package schema holds documents against a JSON Schema. It knows the few
// keywords that the report's schema uses and refuses others, so that none is
// believed to be checked that is not. Only tests use it.
package schema

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Validate says where a document departs from a schema.
func Validate(schema, document []byte) error {
	var s, d any
	if err := json.Unmarshal(schema, &s); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	if err := json.Unmarshal(document, &d); err != nil {
		return fmt.Errorf("document: %w", err)
	}
	root, ok := s.(map[string]any)
	if !ok {
		return fmt.Errorf("schema: no object")
	}
	return validator{root}.check(root, d, "")
}

type validator struct{ root map[string]any }

func (v validator) check(s map[string]any, d any, at string) error {
	for keyword, arg := range s {
		if err := v.keyword(keyword, arg, s, d, at); err != nil {
			return err
		}
	}
	return nil
}

func (v validator) keyword(keyword string, arg any, s map[string]any, d any, at string) error {
	object, isObject := d.(map[string]any)
	text, isText := d.(string)
	number, isNumber := d.(float64)
	switch keyword {
	case "$schema", "$defs", "title", "description":
	case "$ref":
		target := any(v.root)
		for _, name := range strings.Split(strings.TrimPrefix(arg.(string), "#/"), "/") {
			target = target.(map[string]any)[name]
		}
		if target == nil {
			return fmt.Errorf("%s: %v leads nowhere", at, arg)
		}
		return v.check(target.(map[string]any), d, at)
	case "type":
		types, ok := arg.([]any)
		if !ok {
			types = []any{arg}
		}
		if !slices.ContainsFunc(types, func(t any) bool { return is(t.(string), d) }) {
			return fmt.Errorf("%s: %v is not of type %v", at, d, arg)
		}
	case "const":
		if d != arg {
			return fmt.Errorf("%s: %v is not %v", at, d, arg)
		}
	case "enum":
		if !slices.Contains(arg.([]any), d) {
			return fmt.Errorf("%s: %v is none of %v", at, d, arg)
		}
	case "minimum":
		if isNumber && number < arg.(float64) {
			return fmt.Errorf("%s: %v is less than %v", at, d, arg)
		}
	case "pattern":
		if isText && !regexp.MustCompile(arg.(string)).MatchString(text) {
			return fmt.Errorf("%s: %q does not match %v", at, text, arg)
		}
	case "format":
		if _, err := time.Parse(time.RFC3339, text); isText && err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	case "required":
		for _, name := range arg.([]any) {
			if _, ok := object[name.(string)]; isObject && !ok {
				return fmt.Errorf("%s: no member %v", at, name)
			}
		}
	case "properties":
		for name, sub := range arg.(map[string]any) {
			if member, ok := object[name]; ok {
				if err := v.check(sub.(map[string]any), member, at+"/"+name); err != nil {
					return err
				}
			}
		}
	case "additionalProperties":
		known := s["properties"].(map[string]any)
		for name := range object {
			if _, ok := known[name]; !ok && arg == false {
				return fmt.Errorf("%s: member %q is not described", at, name)
			}
		}
	case "items":
		list, _ := d.([]any)
		for i, element := range list {
			if err := v.check(arg.(map[string]any), element, fmt.Sprintf("%s/%d", at, i)); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("%s: the schema's keyword %q is not known here", at, keyword)
	}
	return nil
}

func is(t string, d any) bool {
	switch d := d.(type) {
	case nil:
		return t == "null"
	case bool:
		return t == "boolean"
	case string:
		return t == "string"
	case float64:
		return t == "number" || t == "integer" && d == float64(int64(d))
	case []any:
		return t == "array"
	}
	return t == "object"
}
