[
  (body)
  (record)
  (list)
  (match)
  (arguments)
  (parameters)
  (type_record)
  (text)
] @fold
