(project "project" @context name: (_) @name) @item
(package "package" @context name: (_) @name) @item
(environment "environment" @context name: (_) @name) @item
(policy "policy" @context name: (_) @name) @item
(param "param" @context name: (_) @name) @item
(let "let" @context name: (_) @name) @item
(output "output" @context name: (_) @name) @item
(type_declaration "type" @context name: (_) @name) @item
(function "fn" @context name: (_) @name) @item
(kind_declaration "kind" @context name: (_) @name) @item
(platform_declaration "platform" @context name: (_) @name) @item
(implement "implement" @context kind: (_) @name) @item
(adjust "adjust" @context address: (_) @name) @item
(test "test" @context name: (_) @name) @item
(instance kind: (_) @context name: (_) @name) @item
(documentation) @annotation
(annotation) @annotation
