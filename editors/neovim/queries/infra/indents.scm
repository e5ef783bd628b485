[
  (body)
  (record)
  (list)
  (group)
  (match)
  (arguments)
  (parameters)
  (type_record)
  (type_list)
] @indent.begin

[
  "}"
  "]"
  ")"
] @indent.end @indent.branch

(text) @indent.ignore
