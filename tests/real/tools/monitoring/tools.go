//go:build tools

// Package tools names the commands that tests/real builds, so that go.mod and go.sum hold what they need.
package tools

import (
	_ "github.com/prometheus/alertmanager/cmd/amtool"
	_ "github.com/prometheus/prometheus/cmd/prometheus"
	_ "github.com/prometheus/prometheus/cmd/promtool"
)
