(body) @local.scope
(record) @local.scope
(function) @local.scope
(for) @local.scope
(for_statement) @local.scope
(arm) @local.scope

(let name: (identifier) @local.definition.var)
(param name: (identifier) @local.definition.parameter)
(parameter name: (identifier) @local.definition.parameter)
(binding name: (identifier) @local.definition.var)
(instance name: (identifier) @local.definition.var)
(pattern_case (identifier) @local.definition.var)
(pattern_kind name: (identifier) @local.definition.var)

(identifier) @local.reference
