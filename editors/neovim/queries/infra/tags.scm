(project name: (identifier) @name) @definition.module
(environment name: (identifier) @name) @definition.module
(instance name: (identifier) @name) @definition.object
(kind_declaration name: (type_identifier) @name) @definition.class
(platform_declaration name: (type_identifier) @name) @definition.class
(type_declaration name: (type_identifier) @name) @definition.type
(function name: (function_identifier) @name) @definition.function
(let name: (identifier) @name) @definition.constant
(param name: (identifier) @name) @definition.constant
(output name: (identifier) @name) @definition.constant
(policy name: (identifier) @name) @definition.method

(call function: (function_identifier) @name) @reference.call
(call function: (dot name: (function_identifier) @name)) @reference.call
(instance kind: (path) @name) @reference.class
(implement kind: (path) @name) @reference.implementation
(type_name (path) @name) @reference.type
