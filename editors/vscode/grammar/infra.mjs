// The TextMate grammar of `.infra` files, with its patterns put together from named pieces.
//
//     npm run grammar     writes syntaxes/infra.tmLanguage.json
//
// A line is read from left to right, and the pattern that begins first wins; among those that begin at one place the first
// of the list. So whatever begins a member takes the blanks before it along, and members and values have lists of their own:
// in braces stand members, in brackets and parentheses values, behind `:` a type.

const WORD = '[A-Za-z_][A-Za-z0-9_]*';
const QUOTED = String.raw`"(?:[^"\\$]|\\.|\$(?!\{))*"`;
const NAME = `(?:${WORD}|${QUOTED})`;
const PATH = String.raw`${WORD}(?:\.${WORD})*`;
/** The path of a field: `a.b["c"].d`. */
const FIELD = String.raw`${NAME}(?:\.(?!\.)${NAME}|\[\s*${QUOTED}\s*\])*`;
/** Where a member begins. */
const START = String.raw`(?:^\s*|(?<=[{,])\s*)`;
/** Neither in a word nor behind a dot; `...` and `..` are no dots. */
const APART = String.raw`(?<!\w)(?<![^.]\.)`;
/** Not before these: then the word is the name of a field. */
const NO_FIELD = String.raw`(?!\s*(?:=(?![=>])|\?=))`;
/** Words that join two values. */
const JOINING = String.raw`(?:and|or|in|is|then|else|div|mod|with)\b`;
/** Words that begin no kind. */
const RESERVED = String.raw`(?:and|or|not|if|then|else|in|is|div|mod|match|where|warn|until|for)\b`;
/** Behind one of these stands a value, not a word of the language. */
const AWAITING = String.raw`(?<!\bin\s|\bis\s|\bif\s|\bor\s|\band\s|\bnot\s|\bdiv\s|\bmod\s|\bthen\s|\belse\s|\bmatch\s)`;
const PRIVATE = String.raw`(?:(private)\s+)?`;
const ASSIGN = String.raw`(\?=|=(?![=>]))`;
const TYPE_END = String.raw`(?=[,}\])]|=|\bwhere\b|//)|$`;

const scope = (name) => ({ name: `${name}.infra` });
const include = (...names) => names.map((name) => ({ include: `#${name}` }));
/** Captures by their number, from 1 on; a text is a scope, a list the patterns of what is captured. */
const captures = (...all) =>
  Object.fromEntries(
    all.map((one, index) => [index + 1, typeof one === 'string' ? scope(one) : { patterns: include(...one) }]),
  );

const DECLARES = 'storage.type';
const MODIFIER = 'storage.modifier';
const CONTROL = 'keyword.control';
const OPERATOR = 'keyword.operator';
const SEPARATOR = 'punctuation.separator';
const ACCESSOR = 'punctuation.accessor';
const VARIABLE = 'variable.other';
const PROPERTY = 'variable.other.property';
const TYPE = 'entity.name.type';
const FUNCTION = 'entity.name.function';

/** What stands between two brackets. */
const bracketed = (kind, begin, end, patterns) => ({
  begin,
  end,
  beginCaptures: { 0: scope(`punctuation.section.${kind}.begin`) },
  endCaptures: { 0: scope(`punctuation.section.${kind}.end`) },
  patterns,
});
const braces = (patterns, begin = String.raw`\{`) => bracketed('braces', begin, String.raw`\}`, patterns);
const parens = (patterns) => bracketed('parens', String.raw`\(`, String.raw`\)`, patterns);
const brackets = (patterns) => bracketed('brackets', String.raw`\[`, String.raw`\]`, patterns);

const quoted = (kind, begin, end, patterns) => ({
  ...scope(`string.quoted.${kind}`),
  begin,
  end,
  beginCaptures: { 0: scope('punctuation.definition.string.begin') },
  endCaptures: { 0: scope('punctuation.definition.string.end') },
  ...(patterns ? { patterns } : {}),
});

// --- statements ---------------------------------------------------------------------------------------------------------------

const statements = {
  /** Whatever may begin at the top of a file or in a body. */
  statements: {
    patterns: include(
      'comments',
      'annotation',
      'function',
      'typed',
      'type_declaration',
      'kind',
      'implement',
      'named',
      'addressed',
      'test',
      'deviation',
      'declaration',
      'entry',
      'instance',
      'modified',
      'field',
      'block',
      'union_line',
    ),
  },
  /** `fn NAME(PARAMETERS) -> TYPE =` */
  function: {
    begin: `${START}${PRIVATE}(fn)\\s+(${WORD})`,
    beginCaptures: captures(MODIFIER, DECLARES, FUNCTION),
    end: '(=)(?![=>])|^(?=[A-Za-z@])',
    endCaptures: captures(OPERATOR),
    patterns: [
      ...include('comments'),
      parens([
        ...include('comments'),
        {
          begin: `(${WORD})\\s*(:)`,
          beginCaptures: captures('variable.parameter', SEPARATOR),
          end: TYPE_END,
          patterns: include('type'),
        },
        ...include('expression'),
      ]),
      { match: '->', ...scope(OPERATOR) },
      ...include('type'),
    ],
  },
  /** `let NAME: TYPE`, `param NAME: TYPE` */
  typed: {
    begin: `${START}${PRIVATE}(let|param)\\s+(${WORD})\\s*(:)`,
    beginCaptures: captures(MODIFIER, DECLARES, VARIABLE, SEPARATOR),
    end: TYPE_END,
    patterns: include('type'),
  },
  type_declaration: {
    begin: `${START}${PRIVATE}(type)\\s+(${WORD})\\s*(=)`,
    beginCaptures: captures(MODIFIER, DECLARES, TYPE, OPERATOR),
    end: String.raw`(?=\bwhere\b)|(?<!=)$`,
    patterns: include('comments', 'type'),
  },
  /** A line that goes on with a union: `| TYPE`. */
  union_line: {
    begin: String.raw`^\s*(\|)`,
    beginCaptures: captures(OPERATOR),
    end: String.raw`(?=\bwhere\b|[,}=])|$`,
    patterns: include('type'),
  },
  /** `kind NAME is KIND, platform PLATFORM` */
  kind: {
    begin: `${START}${PRIVATE}(kind)\\s+(${WORD})\\s+(is)\\b`,
    beginCaptures: captures(MODIFIER, DECLARES, TYPE, CONTROL),
    end: String.raw`(?=\{)|$`,
    patterns: [
      ...include('comments'),
      { match: String.raw`\bplatform\b(?=\s+[A-Za-z_])`, ...scope(CONTROL) },
      ...include('path_parts'),
    ],
  },
  implement: {
    begin: `${START}${PRIVATE}(implement)\\s+(${PATH})`,
    beginCaptures: captures(MODIFIER, DECLARES, ['path_parts']),
    end: String.raw`(?=\{)|$`,
    patterns: [
      ...include('comments'),
      { match: `\\b(on)\\s+(${PATH})`, captures: captures(CONTROL, ['path_parts']) },
      {
        begin: String.raw`\bneeds\b`,
        beginCaptures: { 0: scope(CONTROL) },
        end: String.raw`(?=\{|\b(?:on|as)\s)|$`,
        patterns: include('comments', 'input_parts'),
      },
      { match: String.raw`\bas\b`, ...scope(CONTROL) },
      ...include('expression'),
    ],
  },
  named: {
    patterns: [
      {
        match: `${START}${PRIVATE}(kind|platform)\\s+(${WORD})(?=\\s*(?:\\{|$))`,
        captures: captures(MODIFIER, DECLARES, TYPE),
      },
      { match: `${START}(provider)\\s+(${PATH})(?=\\s*(?:\\{|$))`, captures: captures(DECLARES, ['path_parts']) },
      {
        match: `${START}${PRIVATE}(project|package|environment|policy|refuses|delegate)\\s+(${WORD})(?=\\s*(?:[{},]|$|//))`,
        captures: captures(MODIFIER, DECLARES, VARIABLE),
      },
      { match: `${START}(once)\\s+(?:(by)|(${WORD}))\\b(?!\\s*[=:])`, captures: captures(DECLARES, CONTROL, VARIABLE) },
      {
        match: `${START}(use)\\s+(${PATH})(?:\\s+(as)\\s+(${WORD}))?(?!\\s*=)`,
        captures: captures(DECLARES, ['folder_parts'], CONTROL, VARIABLE),
      },
    ],
  },
  /** What begins with an address; the rest of it is read as a value. */
  addressed: {
    patterns: [
      {
        match: `${START}(moved|forget|adopt|adjust|given)\\s+(${WORD})(?!\\s*\\?=)`,
        captures: captures(DECLARES, VARIABLE),
      },
      { match: `${START}(moved|forget|destroy|adopt)(?=\\s+")`, captures: captures(DECLARES) },
    ],
  },
  test: {
    begin: `${START}(test)\\s+(?=")`,
    beginCaptures: captures(DECLARES),
    end: String.raw`(?=\{)|$`,
    patterns: include('comments', 'expression'),
  },
  deviation: {
    match: `${START}(deviation)\\s+(${FIELD})(?=\\s)(?!\\s*=)`,
    captures: captures(DECLARES, ['field_parts']),
  },
  declaration: {
    patterns: [
      {
        match: `${START}${PRIVATE}(let|output)\\s+(${WORD})\\s*(=)(?![=>])`,
        captures: captures(MODIFIER, DECLARES, VARIABLE, OPERATOR),
      },
      {
        match: `${START}(out)\\s+(${NAME})\\s*(=)(?![=>])`,
        captures: captures(MODIFIER, ['field_parts'], OPERATOR),
      },
      {
        begin: `${START}(?:(out)\\s+)?(${NAME})\\s*(:)`,
        beginCaptures: captures(MODIFIER, ['field_parts'], SEPARATOR),
        end: TYPE_END,
        patterns: include('type'),
      },
      { match: `${START}(check|require)(?=\\s+[^=\\s])(?!\\s*\\?=)`, captures: captures(DECLARES) },
    ],
  },
  /** `private` or `read` before what no other pattern knows. */
  modified: { match: `${START}(private|read)(?=\\s+[A-Za-z_])`, captures: captures(MODIFIER) },
};

// --- members of a body --------------------------------------------------------------------------------------------------------

const members = {
  members: { patterns: include('statements', 'shorthand', 'expression') },
  /** `LABEL NAME = VALUE` */
  entry: {
    match: `${START}(?!${RESERVED})(${WORD})\\s+(?!${JOINING})(${NAME})\\s*${ASSIGN}`,
    captures: captures(PROPERTY, ['field_parts'], OPERATOR),
  },
  /** `KIND NAME HEADER {` */
  instance: {
    match: `${START}${PRIVATE}(?:(read)\\s+)?(?!${RESERVED})(${PATH})\\s+(?!${JOINING})(${NAME})(?=\\s*(?:\\{|(?:for|if|key|on)\\s))`,
    captures: captures(MODIFIER, MODIFIER, ['path_parts'], ['text', 'variable']),
  },
  /** `FIELD = VALUE`; in parentheses and brackets as well. */
  field: { match: `${APART}(${FIELD})\\s*${ASSIGN}(?!\\s*$)`, captures: captures(['field_parts'], OPERATOR) },
  block: { match: `${START}(${FIELD})(?=\\s*\\{)`, captures: captures(['field_parts']) },
  shorthand: { match: `${START}(${WORD})(?=\\s*(?:,|\\}|$|//))`, captures: captures(PROPERTY) },

  path_parts: {
    patterns: [
      { match: WORD, ...scope(TYPE) },
      { match: String.raw`\.`, ...scope(ACCESSOR) },
      { match: ',', ...scope(SEPARATOR) },
    ],
  },
  input_parts: { patterns: [{ match: WORD, ...scope(PROPERTY) }, { match: ',', ...scope(SEPARATOR) }] },
  folder_parts: { patterns: [...include('variable'), { match: String.raw`\.`, ...scope(ACCESSOR) }] },
  field_parts: {
    patterns: [
      ...include('text'),
      { match: WORD, ...scope(PROPERTY) },
      { match: String.raw`\.`, ...scope(ACCESSOR) },
      { match: String.raw`[\[\]]`, ...scope('punctuation.section.brackets') },
    ],
  },
  variable: { match: WORD, ...scope(VARIABLE) },
};

// --- types --------------------------------------------------------------------------------------------------------------------

const types = {
  type: {
    patterns: [
      ...include('comments', 'text', 'number'),
      { match: String.raw`\b(?:later|secret)\b(?=\s+[A-Za-z_\[{("])`, ...scope(MODIFIER) },
      {
        begin: String.raw`\b(key)\s+(of)\b`,
        beginCaptures: captures(CONTROL, CONTROL),
        end: String.raw`(?=[^\w.\s])|$`,
        patterns: include('expression'),
      },
      { match: String.raw`\b(?:true|false)\b`, ...scope('constant.language') },
      { match: WORD, ...scope(TYPE) },
      { match: '[|<>?-]', ...scope(OPERATOR) },
      { match: String.raw`\.`, ...scope(ACCESSOR) },
      // `{K: T}` is a map, `{ name: T }` a record.
      braces([{ match: ':', ...scope(SEPARATOR) }, ...include('type')], String.raw`\{(?=[^\s}])`),
      braces(include('members')),
      parens(include('type')),
      brackets(include('type')),
      { match: ',', ...scope(SEPARATOR) },
    ],
  },
};

// --- values -------------------------------------------------------------------------------------------------------------------

const values = {
  expression: {
    patterns: include(
      'comments',
      'goes_on',
      'text',
      'number',
      'match',
      'field',
      'dot',
      'words',
      'constant',
      'call',
      'variable',
      'signs',
      'braces',
      'parens',
      'brackets',
    ),
  },
  /** A sign at the end of a line: the next line begins no member. */
  goes_on: {
    begin: String.raw`(=>|->|\+\+|\?\?|[=+*/<>-])\s*$`,
    beginCaptures: captures(OPERATOR),
    end: '(?<![=+*/<>?-])$',
    patterns: include('expression'),
  },
  match: {
    begin: String.raw`${APART}match\b(?!\s*(?:=(?!=)|[,:}]|$))`,
    beginCaptures: { 0: scope(CONTROL) },
    end: String.raw`(?<=\})|$`,
    patterns: [
      braces([
        { match: `(?:^\\s*)?\\b(on)\\s+(${PATH})(?=\\s*(?:=>|,))`, captures: captures(CONTROL, ['path_parts']) },
        {
          match: `${APART}(?!${RESERVED})(${PATH})\\s+(?!${JOINING})(${WORD})(?=\\s*(?:=>|,))`,
          captures: captures(['path_parts'], VARIABLE),
        },
        ...include('expression'),
      ]),
      ...include('expression'),
    ],
  },
  dot: {
    patterns: [
      { match: String.raw`(\?\.|(?<!\.)\.(?!\.))(${WORD})(?=\()`, captures: captures(ACCESSOR, FUNCTION) },
      { match: String.raw`(\?\.|(?<!\.)\.(?!\.))(${WORD})`, captures: captures(ACCESSOR, PROPERTY) },
      { match: String.raw`\?\.|(?<!\.)\.(?!\.)`, ...scope(ACCESSOR) },
    ],
  },
  words: {
    patterns: [
      { match: String.raw`${APART}(?:if|then|else)\b${NO_FIELD}`, ...scope(CONTROL) },
      { match: String.raw`${APART}for\b(?=\s+${WORD}\s*(?:,|in\b))`, ...scope(CONTROL) },
      { match: String.raw`${APART}(?:and|or|not|in|is|div|mod|with)\b${NO_FIELD}`, ...scope('keyword.operator.word') },
      { match: String.raw`(?<=\s)where\b(?=\s+[^\s=:{?])`, ...scope(CONTROL) },
      // Words of the language only behind a value, and before one.
      {
        match: String.raw`(?:(?<=[\w\])"}]\s)${AWAITING}|^\s+)(?:key|on|by|to|because|until|warn|as)\b(?=\s+[\w"\[({@-])(?!\s+${JOINING})(?!\s*\?=)`,
        ...scope(CONTROL),
      },
    ],
  },
  constant: { match: String.raw`${APART}(?:true|false|none|null)\b${NO_FIELD}`, ...scope('constant.language') },
  call: { match: String.raw`${APART}(${WORD})(?=\()`, ...scope(FUNCTION) },
  signs: {
    patterns: [
      { match: String.raw`\.\.\.|\.\.|->|\+\+|==|!=|<=|>=|=>|\?=|\?\?|[=+\-*/<>|?]`, ...scope(OPERATOR) },
      { match: '[,:]', ...scope(SEPARATOR) },
    ],
  },
  braces: braces(include('members')),
  parens: parens(include('expression')),
  brackets: brackets(include('expression')),
};

// --- numbers, texts, comments -------------------------------------------------------------------------------------------------

const literals = {
  comments: {
    patterns: [
      { match: '//[/!].*$', ...scope('comment.line.documentation') },
      { match: '//.*$', ...scope('comment.line.double-slash') },
    ],
  },
  annotation: {
    match: `(@)(${WORD})`,
    captures: captures('punctuation.definition.decorator', 'entity.name.function.decorator'),
  },
  /** Every word that begins with a digit: a date, an address, a range, a port, a measure, a percentage or a number. */
  number: {
    match: String.raw`(?<!\w)[0-9](?:[A-Za-z0-9_%]|\.(?=[0-9])|/(?=[A-Za-z0-9])|-(?=[0-9]))*`,
    ...scope('constant.numeric'),
  },
  text: {
    patterns: [
      quoted('raw.block', String.raw`(?<!\w)r"""`, '"""'),
      quoted('raw', String.raw`(?<!\w)r"`, '"|$'),
      quoted('block', '"""', '"""', include('escape', 'interpolation')),
      quoted('double', '"', '"|$', include('escape', 'interpolation')),
    ],
  },
  escape: {
    match: String.raw`\\(?:[ntr"\\$]|u\{[0-9A-Fa-f]+\})`,
    ...scope('constant.character.escape'),
  },
  interpolation: {
    ...bracketed('interpolation', String.raw`\$\{`, String.raw`\}`, include('expression')),
    ...scope('meta.interpolation'),
    contentName: 'source.infra',
  },
};

export default {
  name: 'Infra',
  scopeName: 'source.infra',
  fileTypes: ['infra'],
  patterns: include('statements', 'expression'),
  repository: { ...statements, ...members, ...types, ...values, ...literals },
};
