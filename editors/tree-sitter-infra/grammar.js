/**
 * @file Infra grammar: the language of infrac.
 * @license Apache-2.0
 *
 * It follows the compiler's own grammar, compiler/syntax/src/infra.pest, rule by rule. What it takes beyond that (a
 * statement where it may not stand) is for the compiler to refuse.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// How tightly operators bind, from the loosest on.
const PRECEDENCE = {
  flow: 1,
  branch: 2,
  or: 3,
  and: 4,
  compare: 5,
  range: 6,
  sum: 7,
  product: 8,
  with: 9,
  unary: 10,
  postfix: 11,
};

const OPERATORS = [
  ['flow', '->'],
  ['or', 'or'],
  ['or', '??'],
  ['and', 'and'],
  ['compare', '=='],
  ['compare', '!='],
  ['compare', '<'],
  ['compare', '<='],
  ['compare', '>'],
  ['compare', '>='],
  ['compare', 'is'],
  ['compare', 'in'],
  ['range', '..'],
  ['sum', '+'],
  ['sum', '-'],
  ['sum', '++'],
  ['product', '*'],
  ['product', '/'],
  ['product', 'div'],
  ['product', 'mod'],
];

// Words that begin a statement or a value. As the name of a field each of them is a name.
const WORDS = [
  'let', 'param', 'type', 'fn', 'use', 'project', 'package', 'environment', 'policy', 'platform', 'kind', 'implement',
  'adjust', 'test', 'output', 'moved', 'forget', 'adopt', 'out', 'check', 'require', 'once', 'destroy', 'delegate',
  'provider', 'for', 'if', 'given', 'refuses', 'deviation', 'read', 'private', 'not', 'match', 'true', 'false', 'none',
  'null',
];

/** One or more, with `separator` between and perhaps behind. */
const listed = (rule, separator) => seq(rule, repeat(seq(separator, rule)), optional(separator));
const listed1 = (rule) => seq(rule, repeat(seq(',', rule)));

module.exports = grammar({
  name: 'infra',

  word: ($) => $.identifier,

  externals: ($) => [
    // A newline that ends a member: see src/scanner.c.
    $._end,
    // Nothing, behind the `{` of a map type.
    $._map,
    // Nothing, where a value is missing.
    $.hole,
    // Never in a rule: it is asked for only while the parser mends a mistake.
    $._mending,
  ],

  extras: ($) => [/[\s\uFEFF]/, $.documentation, $.comment],

  supertypes: ($) => [$.expression, $.statement],

  inline: ($) => [$._name, $._property, $._type_word],

  // What can be told apart only further on; both readings are followed until then.
  conflicts: ($) => [
    // `a.b` begins a field, a kind before a name, and the key of a pair.
    [$._simple, $._field_name, $.path],
    [$._simple, $._field_name],
    [$._label, $.path],
    // `check { … }`, `true.x = 1`: a word that begins a statement or a value, or a field of that name.
    [$.check, $._field_name],
    [$.require, $._field_name],
    [$.match, $._field_name],
    [$.boolean, $._field_name],
    [$.none, $._field_name],
    [$.null, $._field_name],
    // `warn CODE "…"` or `warn message`.
    [$.check, $._simple],
  ],

  rules: {
    source_file: ($) => optional(listed($._annotated, choice($._end, ','))),

    // A member with its annotations; they are read without one, too.
    _annotated: ($) => choice($._member, seq(repeat1($.annotation), optional($._member))),

    annotation: ($) => seq('@', field('name', alias($.identifier, $.annotation_identifier)), optional(field('arguments', $.arguments))),

    // --- members of a body -------------------------------------------------------------------------------------------

    body: ($) => seq('{', optional(listed($._annotated, choice($._end, ','))), '}'),

    _member: ($) =>
      choice(
        $.field,
        $.block,
        $.instance,
        $.entry,
        $.shorthand,
        $.spread,
        $.pair,
        $.field_declaration,
        $.statement,
      ),

    field: ($) => seq(field('path', $.field_path), choice('=', '?='), field('value', $._value)),
    block: ($) => seq(field('path', $.field_path), field('body', $.body)),
    instance: ($) =>
      seq(
        optional('private'),
        optional('read'),
        field('kind', $.path),
        field('name', $._name),
        repeat($._header),
        field('body', $.body),
      ),
    entry: ($) =>
      seq(field('label', $._label), field('name', choice($._property, $.text)), choice('=', '?='), field('value', $._value)),
    _label: ($) => alias($.identifier, $.property_identifier),
    _property: ($) => alias($.identifier, $.property_identifier),
    shorthand: ($) => $._field_name,
    spread: ($) => seq('...', $.expression),
    pair: ($) => seq(field('key', $.expression), '=>', field('value', $._value), optional('...')),
    field_declaration: ($) =>
      seq(
        field('name', $._field_name),
        ':',
        field('type', $._type),
        optional(seq('=', field('value', $._value))),
        optional($.where),
      ),

    _header: ($) => choice($.for_header, $.if_header, $.key_header, $.on_header),
    for_header: ($) => $._for,
    if_header: ($) => seq('if', $.expression),
    key_header: ($) => seq('key', $.expression),
    on_header: ($) => seq('on', $.expression),

    _for: ($) => seq('for', listed1($.binding)),
    binding: ($) =>
      seq(
        field('name', $.identifier),
        optional(seq(',', field('name', $.identifier))),
        'in',
        field('value', $.expression),
      ),

    where: ($) => seq('where', $.expression, optional(seq('else', field('reason', $.expression)))),

    // --- statements --------------------------------------------------------------------------------------------------

    statement: ($) =>
      choice(
        $.project,
        $.package,
        $.environment,
        $.policy,
        $.use,
        $.param,
        $.let,
        $.output,
        $.out,
        $.type_declaration,
        $.function,
        $.kind_declaration,
        $.platform_declaration,
        $.implement,
        $.provider,
        $.adjust,
        $.test,
        $.given,
        $.refuses,
        $.deviation,
        $.moved,
        $.forget,
        $.destroy,
        $.adopt,
        $.check,
        $.require,
        $.once,
        $.delegate,
        $.for_statement,
        $.if_statement,
        $.private,
      ),

    private: ($) => seq('private', $.statement),

    project: ($) => seq('project', field('name', $.identifier), field('body', $.body)),
    package: ($) => seq('package', field('name', $.identifier), field('body', $.body)),
    environment: ($) => seq('environment', field('name', $.identifier), field('body', $.body)),
    policy: ($) => seq('policy', field('name', $.identifier), field('body', $.body)),

    use: ($) => seq('use', field('path', $.folder), optional(seq('as', field('name', $.identifier)))),
    folder: ($) => prec.right(seq($.identifier, repeat(seq('.', $.identifier)))),
    param: ($) =>
      seq('param', field('name', $.identifier), $._typed, optional(seq('=', field('value', $._value)))),
    let: ($) => seq('let', field('name', $.identifier), optional($._typed), '=', field('value', $._value)),
    output: ($) => seq('output', field('name', $.identifier), '=', field('value', $._value)),
    out: ($) =>
      seq(
        'out',
        field('name', choice($._property, $.text)),
        choice(
          seq('=', field('value', $._value)),
          seq($._typed, optional(seq('=', field('value', $._value))), optional($.where)),
        ),
      ),
    _typed: ($) => seq(':', field('type', $._type)),

    type_declaration: ($) =>
      seq('type', field('name', $._type_word), '=', field('type', $._type), optional($.where)),
    function: ($) =>
      seq(
        'fn',
        field('name', alias($.identifier, $.function_identifier)),
        field('parameters', $.parameters),
        '->',
        field('type', $._type),
        '=',
        field('value', $._value),
      ),
    parameters: ($) => seq('(', optional(listed($.parameter, ',')), ')'),
    parameter: ($) =>
      seq(field('name', $.identifier), $._typed, optional(seq('=', field('value', $._value)))),

    kind_declaration: ($) =>
      seq('kind', field('name', $._type_word), optional(seq('is', listed1($.super))), field('body', $.body)),
    super: ($) => seq(optional('platform'), $.path),
    platform_declaration: ($) => seq('platform', field('name', $._type_word), field('body', $.body)),
    implement: ($) =>
      seq(
        'implement',
        field('kind', $.path),
        repeat(
          choice(
            seq('on', field('platform', $.path)),
            seq('needs', listed1(field('needs', $._property))),
            seq('as', field('name', $.identifier)),
          ),
        ),
        field('body', $.body),
      ),
    provider: ($) => seq('provider', field('path', $.path), field('body', $.body)),

    adjust: ($) => seq('adjust', field('address', $.address), field('body', $.body)),
    address: ($) => prec.right(seq($.identifier, repeat(choice($.address_name, $.address_any, $.address_key)))),
    address_name: ($) => seq('.', $._field_name),
    address_any: ($) => seq(token.immediate('['), '*', ']'),
    address_key: ($) => seq(token.immediate('['), $.expression, ']'),

    test: ($) =>
      seq('test', field('name', $.text), optional(seq('in', listed1($.identifier))), field('body', $.body)),
    given: ($) => seq('given', field('address', $.address), '=', field('value', $._value)),
    refuses: ($) => seq('refuses', field('code', $.identifier), field('body', $.body)),
    deviation: ($) =>
      seq(
        'deviation',
        field('path', $.field_path),
        'because',
        field('reason', $.expression),
        optional(seq('until', field('until', $.expression))),
      ),

    moved: ($) =>
      seq('moved', field('from', $._side), 'to', field('to', $._side), optional($.in_environment)),
    forget: ($) => seq('forget', $._side, optional($.because), optional($.in_environment)),
    destroy: ($) => seq('destroy', $.text, optional($.because), optional($.in_environment)),
    adopt: ($) => seq('adopt', $._side, '=', field('value', $._simple), optional($.in_environment)),
    _side: ($) => choice($.text, $.address),
    because: ($) => seq('because', $._simple),
    in_environment: ($) => seq('in', $.identifier),

    check: ($) =>
      seq(
        'check',
        field('condition', $.expression),
        choice(
          seq('else', field('reason', $.expression)),
          seq('warn', optional(field('code', $.identifier)), field('reason', $.expression)),
        ),
      ),
    require: ($) => seq('require', field('condition', $.expression), 'else', field('reason', $.expression)),
    once: ($) =>
      seq('once', field('name', $.identifier), optional(seq('by', field('by', $.expression))), field('body', $.body)),
    delegate: ($) => seq('delegate', $.identifier),

    for_statement: ($) =>
      seq($._for, optional($.if_header), optional($.by), choice(seq(':', $._annotated), field('body', $.body))),
    if_statement: ($) =>
      seq('if', field('condition', $.expression), choice(seq(':', $._annotated), field('body', $.body))),

    // --- types ---------------------------------------------------------------------------------------------------------

    _type: ($) => choice($._type_part, $.type_union),
    type_union: ($) => prec.left(seq($._type, '|', $._type_part)),
    // `?` binds loosest: `later T?` says that presence is known.
    _type_part: ($) => choice($._type_staged, $.type_optional),
    type_optional: ($) => seq($._type_part, '?'),
    _type_staged: ($) => choice($._type_core, $.type_stage),
    type_stage: ($) => seq(choice('later', 'secret'), $._type_staged),
    _type_core: ($) =>
      choice(
        $.type_name,
        $.type_apply,
        $.type_case,
        $.type_list,
        $.type_record,
        $.type_map,
        $.type_group,
        $.type_key_of,
        $.type_literal,
      ),
    type_name: ($) => choice($.path, alias($._stage_name, $.path)),
    _stage_name: ($) => prec(-1, alias(choice('later', 'secret', 'key'), $.type_identifier)),
    type_apply: ($) => seq(field('name', $.path), '<', listed1($._type), '>'),
    type_case: ($) => seq(field('name', $.path), '(', optional(listed($._type, ',')), ')'),
    type_list: ($) => seq('[', $._type, ']'),
    type_map: ($) => seq('{', $._map, field('key', $._type), ':', field('value', $._type), '}'),
    type_record: ($) =>
      seq(
        '{',
        optional(listed(seq(repeat($.annotation), choice($.field_declaration, $.out, $.spread)), choice($._end, ','))),
        '}',
      ),
    type_group: ($) => seq('(', $._type, ')'),
    type_key_of: ($) => seq('key', 'of', $._simple),
    type_literal: ($) => choice(seq(optional('-'), $.number), $.text, $.boolean),

    // --- values ----------------------------------------------------------------------------------------------------------

    expression: ($) => choice($._simple, $.unary, $.binary, $.with),

    _value: ($) => choice($.expression, $.hole),

    // Neither operators nor newlines.
    _simple: ($) =>
      choice(
        $.identifier,
        $.boolean,
        $.none,
        $.null,
        $.number,
        $.text,
        $.list,
        $.record,
        $.group,
        $.if,
        $.match,
        $.dot,
        $.safe_dot,
        $.index,
        $.call,
      ),

    unary: ($) => prec(PRECEDENCE.unary, seq(choice('-', 'not'), $.expression)),
    binary: ($) =>
      choice(
        ...OPERATORS.map(([level, operator]) =>
          prec.left(
            PRECEDENCE[level],
            seq(field('left', $.expression), field('operator', operator), field('right', $.expression)),
          ),
        ),
      ),
    with: ($) => prec(PRECEDENCE.with, seq($.expression, 'with', field('body', $.body))),

    dot: ($) => prec(PRECEDENCE.postfix, seq($._simple, '.', field('name', $._field_name))),
    safe_dot: ($) => prec(PRECEDENCE.postfix, seq($._simple, '?.', field('name', $._field_name))),
    index: ($) => prec(PRECEDENCE.postfix, seq($._simple, token.immediate('['), $.expression, ']')),
    call: ($) =>
      prec(
        PRECEDENCE.postfix,
        seq(
          field(
            'function',
            choice(
              alias($.identifier, $.function_identifier),
              alias($._method, $.dot),
              alias($._safe_method, $.safe_dot),
              $.call,
              $.index,
              $.group,
            ),
          ),
          field('arguments', $.arguments),
        ),
      ),
    _method: ($) => seq($._simple, '.', field('name', $._method_name)),
    _safe_method: ($) => seq($._simple, '?.', field('name', $._method_name)),
    _method_name: ($) => alias($.identifier, $.function_identifier),
    arguments: ($) => seq(token.immediate('('), optional(listed(choice($.argument, $._element), ',')), ')'),
    argument: ($) => seq(field('name', choice($._property, $.text)), '=', field('value', $._value)),

    list: ($) => seq('[', optional(listed(choice($._element, $.pair, $.argument), ',')), ']'),
    _element: ($) => choice($.expression, $.spread, $.for, $.if_element),
    for: ($) => seq($._for, optional($.if_header), optional($.by), ':', choice($._element, $.pair)),
    if_element: ($) => seq('if', field('condition', $.expression), ':', choice($._element, $.pair)),
    by: ($) => seq('by', $.expression),

    record: ($) => seq('{', optional(listed($._annotated, choice($._end, ','))), '}'),
    group: ($) => seq('(', $.expression, ')'),

    if: ($) =>
      prec.right(
        PRECEDENCE.branch,
        seq(
          'if',
          field('condition', $.expression),
          'then',
          field('then', $.expression),
          'else',
          field('else', $.expression),
        ),
      ),

    match: ($) =>
      seq('match', field('value', $.expression), '{', optional(listed($.arm, choice($._end, ','))), '}'),
    arm: ($) => seq(listed1($.pattern), '=>', field('value', $._value)),
    pattern: ($) =>
      choice(
        $.identifier,
        $.boolean,
        $.none,
        $.null,
        $.text,
        $.number,
        $.pattern_on,
        $.pattern_case,
        $.pattern_kind,
      ),
    pattern_on: ($) => seq('on', $.path),
    pattern_case: ($) =>
      seq(field('name', alias($.identifier, $.function_identifier)), token.immediate('('), optional(listed1($.identifier)), ')'),
    pattern_kind: ($) => seq(field('kind', $.path), field('name', $.identifier)),

    boolean: (_) => choice('true', 'false'),
    none: (_) => 'none',
    null: (_) => 'null',

    // --- names -----------------------------------------------------------------------------------------------------------

    identifier: (_) => /[A-Za-z_][A-Za-z0-9_]*/,
    _name: ($) => choice($.identifier, $.text),
    _field_name: ($) =>
      choice(
        $._property,
        $.text,
        ...WORDS.map((word) => alias(word, $.property_identifier)),
      ),
    _type_word: ($) => alias($.identifier, $.type_identifier),
    path: ($) => prec.right(seq($._type_word, repeat(seq('.', $._type_word)))),
    field_path: ($) => prec.right(seq($._field_name, repeat(choice(seq('.', $._field_name), $.field_key)))),
    field_key: ($) => seq(token.immediate('['), $.text, ']'),

    // --- numbers and texts ------------------------------------------------------------------------------------------------

    // Every word that begins with a digit: a date, an address, a range, a port, a measure, a percentage or a number.
    number: (_) => /[0-9]([A-Za-z0-9_%]|\.[0-9]|\/[A-Za-z0-9]|-[0-9])*/,

    text: ($) =>
      choice(
        seq(
          '"',
          repeat(choice($.escape, $.interpolation, alias($._part, $.text_part))),
          token.immediate('"'),
        ),
        seq(
          '"""',
          repeat(choice($.escape, $.interpolation, alias($._block_part, $.text_part))),
          token.immediate(prec(2, '"""')),
        ),
        seq('r"', optional(alias($._raw_part, $.text_part)), token.immediate('"')),
        seq('r"""', repeat(alias($._raw_block_part, $.text_part)), token.immediate(prec(2, '"""'))),
      ),
    _part: (_) => token.immediate(prec(1, /[^"\\$\n]+|\$/)),
    _block_part: (_) => token.immediate(prec(1, /[^"\\$]+|[$"\\]/)),
    _raw_part: (_) => token.immediate(prec(1, /[^"\n]+/)),
    _raw_block_part: (_) => token.immediate(prec(1, /[^"]+|"/)),
    escape: (_) => token.immediate(prec(2, /\\(u\{[0-9A-Fa-f]+\}|[^\nu])/)),
    interpolation: ($) => seq(token.immediate(prec(2, '${')), $.expression, '}'),

    // --- comments ----------------------------------------------------------------------------------------------------------

    documentation: (_) => token(prec(1, /\/\/[\/!][^\n]*/)),
    comment: (_) => token(/\/\/[^\n]*/),
  },
});
