// OpenTofu, built from source. The replacement repeats the one in OpenTofu's own go.mod.
module infrac.test/opentofu

go 1.24.6

require github.com/opentofu/opentofu v1.10.6

replace github.com/hashicorp/hcl/v2 v2.20.1 => github.com/opentofu/hcl/v2 v2.20.2-0.20250121132637-504036cd70e7
