; Each token is captured once, so the order of the patterns does not matter.

(comment) @comment.line
(documentation) @comment.line.documentation

; --- names -----------------------------------------------------------------------------------------------------------

(identifier) @variable
(property_identifier) @variable.other.member
(type_identifier) @type
(function_identifier) @function
(annotation "@" @attribute)
(annotation_identifier) @attribute

; --- values ----------------------------------------------------------------------------------------------------------

[
  "\""
  "\"\"\""
  "r\""
  "r\"\"\""
  (text_part)
] @string
(escape) @constant.character.escape
(interpolation ["${" "}"] @punctuation.special)
(number) @constant.numeric
(boolean) @constant.builtin.boolean
[
  (none)
  (null)
] @constant.builtin

; --- words -----------------------------------------------------------------------------------------------------------

[
  "adjust"
  "adopt"
  "and"
  "as"
  "because"
  "by"
  "check"
  "delegate"
  "destroy"
  "deviation"
  "div"
  "else"
  "environment"
  "fn"
  "for"
  "forget"
  "given"
  "if"
  "implement"
  "in"
  "is"
  "key"
  "kind"
  "later"
  "let"
  "match"
  "mod"
  "moved"
  "needs"
  "not"
  "of"
  "on"
  "once"
  "or"
  "out"
  "output"
  "package"
  "param"
  "platform"
  "policy"
  "private"
  "project"
  "provider"
  "read"
  "refuses"
  "require"
  "secret"
  "test"
  "then"
  "to"
  "type"
  "until"
  "use"
  "warn"
  "where"
  "with"
] @keyword

; --- signs -----------------------------------------------------------------------------------------------------------

[
  "!="
  "*"
  "+"
  "++"
  "-"
  "->"
  ".."
  "..."
  "/"
  "<"
  "<="
  "="
  "=="
  "=>"
  ">"
  ">="
  "?"
  "?="
  "??"
  "|"
] @operator

[
  ","
  "."
  ":"
  "?."
] @punctuation.delimiter

[
  "("
  ")"
  "["
  "]"
] @punctuation.bracket
(body ["{" "}"] @punctuation.bracket)
(record ["{" "}"] @punctuation.bracket)
(match ["{" "}"] @punctuation.bracket)
(type_map ["{" "}"] @punctuation.bracket)
(type_record ["{" "}"] @punctuation.bracket)
