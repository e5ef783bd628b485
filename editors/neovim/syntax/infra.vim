" Colours where there is no tree-sitter parser: words, texts, numbers, comments.
if exists('b:current_syntax')
  finish
endif

syntax iskeyword @,48-57,_

" As the name of a field each of them is a name.
syntax match infraKeyword /\<\%(adjust\|adopt\|check\|delegate\|destroy\|deviation\|environment\|fn\|forget\|given\|implement\|kind\|let\|moved\|once\|out\|output\|package\|param\|platform\|policy\|private\|project\|provider\|read\|refuses\|require\|test\|type\|use\)\>\ze\s\+["A-Za-z_]/
syntax match infraKeyword /\<\%(and\|div\|else\|for\|if\|in\|is\|match\|mod\|not\|or\|then\|with\|where\|later\|secret\)\>\%(\s*?\?=[^=>]\)\@!/
syntax match infraField /\<\h\w*\>\ze\s*?\?=[^=>]/
syntax match infraFunction /\<\h\w*\>\ze(/
syntax keyword infraConstant true false none null
syntax match infraNumber /\<\d\%(\w\|%\|\.\d\|\/\w\|-\d\)*/
syntax match infraOperator /[-+*=<>|?!]\|\.\.\|\/\%(\/\)\@!/
syntax match infraAnnotation /@\h\w*/

syntax match infraEscape contained /\\\%([ntr"\\$]\|u{\x\+}\)/
syntax region infraInterpolation contained matchgroup=infraBrace start=/\${/ end=/}/ contains=TOP
syntax region infraText start=/"/ end=/"\|$/ contains=infraEscape,infraInterpolation
syntax region infraText start=/"""/ end=/"""/ contains=infraEscape,infraInterpolation
syntax region infraText start=/\<r"/ end=/"\|$/
syntax region infraText start=/\<r"""/ end=/"""/

syntax match infraComment #//.*$# contains=@Spell
syntax match infraDocumentation #//[/!].*$# contains=@Spell

highlight default link infraKeyword Keyword
highlight default link infraField Identifier
highlight default link infraFunction Function
highlight default link infraConstant Constant
highlight default link infraNumber Number
highlight default link infraOperator Operator
highlight default link infraAnnotation PreProc
highlight default link infraEscape SpecialChar
highlight default link infraBrace Delimiter
highlight default link infraText String
highlight default link infraComment Comment
highlight default link infraDocumentation SpecialComment

let b:current_syntax = 'infra'
