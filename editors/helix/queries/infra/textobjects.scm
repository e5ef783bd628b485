(function value: (_) @function.inside) @function.around

(instance body: (_) @class.inside) @class.around
(kind_declaration body: (_) @class.inside) @class.around
(implement body: (_) @class.inside) @class.around

(parameter) @parameter.inside @parameter.around
(argument) @parameter.inside @parameter.around

(field value: (_) @entry.inside) @entry.around
(pair value: (_) @entry.inside) @entry.around

(comment) @comment.inside
(comment)+ @comment.around
(documentation) @comment.inside
(documentation)+ @comment.around

(test body: (_) @test.inside) @test.around
