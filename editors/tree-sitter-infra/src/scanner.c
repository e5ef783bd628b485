// Decides which newline ends a member (it does, unless the next line goes on with it), and where a value is missing.

#include "tree_sitter/parser.h"

#include <string.h>

enum Token { END, MAP, HOLE, MENDING };

void *tree_sitter_infra_external_scanner_create(void) { return NULL; }
void tree_sitter_infra_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_infra_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_infra_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

static inline void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static inline bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == 0xFEFF; }
static inline bool is_word(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void skip_blanks(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) advance(lexer);
}

// Skips blanks, newlines and comments; false at a `/` that begins no comment.
static bool skip_gap(TSLexer *lexer, bool *newline) {
  for (;;) {
    skip_blanks(lexer);
    if (lexer->lookahead == '\n') {
      *newline = true;
      advance(lexer);
    } else if (lexer->lookahead == '/') {
      advance(lexer);
      if (lexer->lookahead != '/') return false;
      while (lexer->lookahead != '\n' && !lexer->eof(lexer)) advance(lexer);
    } else {
      return true;
    }
  }
}

// Reads a word; longer ones than any keyword are cut.
static void read_word(TSLexer *lexer, char word[8]) {
  unsigned length = 0;
  while (is_word(lexer->lookahead)) {
    if (length < 7) word[length++] = (char)lexer->lookahead;
    advance(lexer);
  }
  word[length] = '\0';
}

static bool is_one_of(const char *word, const char *const *words) {
  for (; *words; words++) {
    if (strcmp(word, *words) == 0) return true;
  }
  return false;
}

// Whether the line that begins here goes on with the one before.
static bool goes_on(TSLexer *lexer) {
  static const char *const ALWAYS[] = {"then", "else", NULL};
  // Before any of these stands a field of that name, or nothing at all.
  static const char *const UNLESS_NAMES[] = {"and", "or", "where", "warn", "until", NULL};
  char word[8];
  switch (lexer->lookahead) {
    case '.':
      advance(lexer);
      return lexer->lookahead != '.';
    case '?':
      advance(lexer);
      return lexer->lookahead == '.' || lexer->lookahead == '?';
    case '-':
      advance(lexer);
      return lexer->lookahead == '>';
    case '+':
      advance(lexer);
      return lexer->lookahead == '+';
    case '|':
    case '=':
    case '{':
    case '}':
    case ']':
    case ')':
      return true;
    default:
      break;
  }
  if (!is_word(lexer->lookahead)) return false;
  read_word(lexer, word);
  if (is_one_of(word, ALWAYS)) return true;
  if (!is_one_of(word, UNLESS_NAMES)) return false;
  skip_blanks(lexer);
  switch (lexer->lookahead) {
    case '=':
      advance(lexer);
      return lexer->lookahead == '=';
    case '?':
      advance(lexer);
      return lexer->lookahead != '=';
    case '{':
    case ':':
    case ',':
    case '}':
      return false;
    default:
      return true;
  }
}

static bool scan_end(TSLexer *lexer) {
  bool newline = false;
  lexer->mark_end(lexer);
  if (!skip_gap(lexer, &newline)) return newline;
  return lexer->eof(lexer) || (newline && !goes_on(lexer));
}

// Whether a line begins with a member, which is then no value: `a.b =`, `a {`, `a: `, `KIND NAME`, `...`, `@`.
static bool begins_member(TSLexer *lexer) {
  static const char *const NO_LABELS[] = {"and", "or", "in", "is", "then", "else", "div", "mod", "with", "for",
                                          "if",  "key", "on", "by", "to", "as", "until", "where", NULL};
  char word[8];
  if (lexer->lookahead == '@') return true;
  if (lexer->lookahead == '.') {
    advance(lexer);
    return lexer->lookahead == '.';
  }
  if (!is_word(lexer->lookahead) || (lexer->lookahead >= '0' && lexer->lookahead <= '9')) return false;
  while (is_word(lexer->lookahead) || lexer->lookahead == '.') advance(lexer);
  bool apart = is_blank(lexer->lookahead);
  skip_blanks(lexer);
  switch (lexer->lookahead) {
    case '{':
    case ':':
      return true;
    case '?':
      advance(lexer);
      return lexer->lookahead == '=';
    case '=':
      advance(lexer);
      return lexer->lookahead != '=' && lexer->lookahead != '>';
    case '"':
      return apart;
    default:
      if (!apart || !is_word(lexer->lookahead)) return false;
      read_word(lexer, word);
      return !is_one_of(word, NO_LABELS);
  }
}

// Whether nothing stands where a value must: the member ends, or the next line begins another one.
static bool scan_hole(TSLexer *lexer) {
  bool newline = false;
  lexer->mark_end(lexer);
  if (!skip_gap(lexer, &newline)) return false;
  switch (lexer->lookahead) {
    case '}':
    case ']':
    case ')':
    case ',':
      return true;
    default:
      return lexer->eof(lexer) || (newline && begins_member(lexer));
  }
}

// Whether what stands behind `{` is the key of a map and not a field: `{string: T}`, `{kind: T}`, `{ "a" | "b": T }`.
static bool scan_map(TSLexer *lexer) {
  lexer->mark_end(lexer);
  bool apart = is_blank(lexer->lookahead) || lexer->lookahead == '\n';
  while (is_blank(lexer->lookahead) || lexer->lookahead == '\n') advance(lexer);
  bool map = !apart;
  if (lexer->lookahead == '"' || lexer->lookahead == '[' || lexer->lookahead == '(') {
    map = true;
  } else if (is_word(lexer->lookahead)) {
    char word[8];
    read_word(lexer, word);
    skip_blanks(lexer);
    map = map || strcmp(word, "string") == 0 || (lexer->lookahead != ':' && strcmp(word, "out") != 0);
  } else {
    return false;
  }
  // A second field makes a record of it.
  unsigned depth = 0;
  bool text = false;
  while (!lexer->eof(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '"') text = !text;
    if (!text) {
      if (c == '{' || c == '[' || c == '(' || c == '<') depth++;
      if (c == ',' && depth == 0) return false;
      if (c == '}' && depth == 0) return map;
      if ((c == '}' || c == ']' || c == ')' || c == '>') && depth > 0) depth--;
    }
    advance(lexer);
  }
  return false;
}

bool tree_sitter_infra_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  if (valid[MENDING]) return false;
  if (valid[END] && scan_end(lexer)) {
    lexer->result_symbol = END;
    return true;
  }
  if (valid[HOLE] && !valid[END] && scan_hole(lexer)) {
    lexer->result_symbol = HOLE;
    return true;
  }
  if (valid[MAP] && !valid[END] && scan_map(lexer)) {
    lexer->result_symbol = MAP;
    return true;
  }
  return false;
}
