((comment) @injection.content
  (#set! injection.language "comment"))

; A script that a machine runs, where it says so itself.
((text
  (text_part) @injection.content)
  (#match? @injection.content "^\\s*#!.*sh")
  (#set! injection.language "bash"))

; Examples in documentation are not injected: a line alone is no program.
