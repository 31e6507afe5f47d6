/* Tokens of a text with formulas.
 *
 * A run of letters is a name if it is one letter or the name of a Greek one, a differential if it is
 * d and a letter, a function or an operator if the table has it, and a word otherwise.  A word makes
 * words of what is glued to it: "P-critical" and "2-norm" hold no formula, nor does "zero's".  Inside
 * an exponent in brackets two letters are a product: e^(2st), e^(Ft).  A label such as (X16) is no
 * formula: it stands in brackets of its own. */
#include "plots/formula_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The longer of two signs first. */
static const struct formula_symbol symbols[] = {
    {"alpha", "α", "\\alpha", FORMULA_NAME, false},
    {"beta", "β", "\\beta", FORMULA_NAME, false},
    {"gamma", "γ", "\\gamma", FORMULA_NAME, false},
    {"delta", "δ", "\\delta", FORMULA_NAME, false},
    {"epsilon", "ε", "\\varepsilon", FORMULA_NAME, false},
    {"eps", "ε", "\\varepsilon", FORMULA_NAME, false},
    {"zeta", "ζ", "\\zeta", FORMULA_NAME, false},
    {"eta", "η", "\\eta", FORMULA_NAME, false},
    {"theta", "θ", "\\theta", FORMULA_NAME, false},
    {"kappa", "κ", "\\kappa", FORMULA_NAME, false},
    {"lambda", "λ", "\\lambda", FORMULA_NAME, false},
    {"mu", "μ", "\\mu", FORMULA_NAME, false},
    {"nu", "ν", "\\nu", FORMULA_NAME, false},
    {"xi", "ξ", "\\xi", FORMULA_NAME, false},
    {"pi", "π", "\\pi", FORMULA_NAME, false},
    {"rho", "ρ", "\\rho", FORMULA_NAME, false},
    {"sigma", "σ", "\\sigma", FORMULA_NAME, false},
    {"tau", "τ", "\\tau", FORMULA_NAME, false},
    {"phi", "φ", "\\phi", FORMULA_NAME, false},
    {"chi", "χ", "\\chi", FORMULA_NAME, false},
    {"psi", "ψ", "\\psi", FORMULA_NAME, false},
    {"omega", "ω", "\\omega", FORMULA_NAME, false},
    {"Gamma", "Γ", "\\Gamma", FORMULA_NAME, false},
    {"Delta", "Δ", "\\Delta", FORMULA_NAME, false},
    {"Theta", "Θ", "\\Theta", FORMULA_NAME, false},
    {"Lambda", "Λ", "\\Lambda", FORMULA_NAME, false},
    {"Sigma", "Σ", "\\Sigma", FORMULA_NAME, false},
    {"Phi", "Φ", "\\Phi", FORMULA_NAME, false},
    {"Psi", "Ψ", "\\Psi", FORMULA_NAME, false},
    {"Omega", "Ω", "\\Omega", FORMULA_NAME, false},
    {"infinity", "∞", "\\infty", FORMULA_NAME, false},
    {"exp", "exp", "\\mathrm{exp}", FORMULA_FUNCTION, false},
    {"log", "log", "\\mathrm{log}", FORMULA_FUNCTION, false},
    {"Log", "Log", "\\mathrm{Log}", FORMULA_FUNCTION, false},
    {"ln", "ln", "\\mathrm{ln}", FORMULA_FUNCTION, false},
    {"sin", "sin", "\\mathrm{sin}", FORMULA_FUNCTION, false},
    {"cos", "cos", "\\mathrm{cos}", FORMULA_FUNCTION, false},
    {"tan", "tan", "\\mathrm{tan}", FORMULA_FUNCTION, false},
    {"tanh", "tanh", "\\mathrm{tanh}", FORMULA_FUNCTION, false},
    {"erf", "erf", "\\mathrm{erf}", FORMULA_FUNCTION, false},
    {"sgn", "sgn", "\\mathrm{sgn}", FORMULA_FUNCTION, false},
    {"sign", "sign", "\\mathrm{sign}", FORMULA_FUNCTION, false},
    {"min", "min", "\\mathrm{min}", FORMULA_FUNCTION, false},
    {"max", "max", "\\mathrm{max}", FORMULA_FUNCTION, false},
    {"tr", "tr", "\\mathrm{tr}", FORMULA_FUNCTION, false},
    {"det", "det", "\\mathrm{det}", FORMULA_FUNCTION, false},
    {"diag", "diag", "\\mathrm{diag}", FORMULA_FUNCTION, false},
    {"rank", "rank", "\\mathrm{rank}", FORMULA_FUNCTION, false},
    {"spec", "spec", "\\mathrm{spec}", FORMULA_FUNCTION, false},
    {"soft", "soft", "\\mathrm{soft}", FORMULA_FUNCTION, false},
    {"sum", "∑", "\\sum", FORMULA_BIG, false},
    {"prod", "∏", "\\prod", FORMULA_BIG, false},
    {"int", "∫", "\\int", FORMULA_BIG, false},
    {"sqrt", "√", "\\sqrt", FORMULA_ROOT, false},
    {"...", "…", "\\ldots ", FORMULA_DOTS, false},
    {"<=>", NULL, NULL, FORMULA_WORD, false},
    {"<->", NULL, NULL, FORMULA_WORD, false},
    {"=>", NULL, NULL, FORMULA_WORD, false},
    {"==", NULL, NULL, FORMULA_WORD, false},
    {"<=", "≤", "\\le ", FORMULA_SIGN, true},
    {">=", "≥", "\\ge ", FORMULA_SIGN, true},
    {"!=", "≠", "\\ne ", FORMULA_SIGN, true},
    {"->", "→", "\\to ", FORMULA_SIGN, true},
    {"+-", "±", "\\pm ", FORMULA_SIGN, false},
    {"-+", "∓", "\\mp ", FORMULA_SIGN, false},
    {"=", "=", "=", FORMULA_SIGN, true},
    {"<", "&lt;", "<", FORMULA_SIGN, true},
    {">", "&gt;", ">", FORMULA_SIGN, true},
    {"~", "∼", "\\sim ", FORMULA_SIGN, true},
    {"+", "+", "+", FORMULA_SIGN, false},
    {"-", "−", "-", FORMULA_SIGN, false},
    {"*", "·", "\\cdot ", FORMULA_SIGN, false},
    {"/", "/", "/", FORMULA_SIGN, false},
    {"(", "(", "(", FORMULA_OPEN, false},
    {"[", "[", "[", FORMULA_OPEN, false},
    {"⟨", "⟨", "\\langle ", FORMULA_OPEN, false},
    {"{", "{", "\\{", FORMULA_OPEN, false},
    {")", ")", ")", FORMULA_CLOSE, false},
    {"]", "]", "]", FORMULA_CLOSE, false},
    {"⟩", "⟩", "\\rangle ", FORMULA_CLOSE, false},
    {"}", "}", "\\}", FORMULA_CLOSE, false},
    {"|", "|", "|", FORMULA_BAR, false},
    {",", ",", ",", FORMULA_COMMA, false},
    {";", ";", ";", FORMULA_COMMA, false},
    {"'", "′", "'", FORMULA_PRIME, false},
    {"^", NULL, NULL, FORMULA_POWER, false},
    {"_", NULL, NULL, FORMULA_INDEX, false},
};

enum { SYMBOLS = sizeof symbols / sizeof *symbols };

struct lexer {
    struct formula *formula;
    size_t at;
    bool spaced;
    size_t exponent; /* brackets that are open since ^( */
};

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) != 0 && (unsigned char)c < 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

const struct formula_symbol *formula_symbol(const char *text, size_t length)
{
    for (size_t k = 0; k < SYMBOLS; k++)
        if (strlen(symbols[k].word) == length && strncmp(symbols[k].word, text, length) == 0)
            return &symbols[k];
    return NULL;
}

static struct formula_token *token_add(struct lexer *lexer, enum formula_kind kind, size_t length)
{
    struct formula_token *token = &lexer->formula->token[lexer->formula->tokens++];
    *token = (struct formula_token){
        .kind = kind, .start = lexer->at, .length = length, .spaced = lexer->spaced};
    lexer->at += length;
    lexer->spaced = false;
    return token;
}

/* ---- letters ---- */

static size_t span_letters(const char *text)
{
    size_t length = 0;
    while (is_letter(text[length]))
        length++;
    return length;
}

static size_t span_digits(const char *text)
{
    return strspn(text, "0123456789");
}

static void name_add(struct lexer *lexer, size_t letters, size_t digits)
{
    token_add(lexer, FORMULA_NAME, letters + digits)->digits = digits;
}

/* d and what it is the differential of; in an exponent any two letters. */
static bool is_pair(const struct lexer *lexer, const char *text, size_t letters)
{
    return letters == 2 && (lexer->exponent > 0 || (text[0] == 'd' && text[1] != 'o'));
}

static void letters_take(struct lexer *lexer)
{
    const char *text = lexer->formula->text + lexer->at;
    const size_t letters = span_letters(text), digits = span_digits(text + letters);
    const struct formula_symbol *symbol = formula_symbol(text, letters);
    const bool ends = !is_letter(text[letters + digits]);
    if (symbol && ends && (digits == 0 || symbol->kind == FORMULA_NAME)) {
        struct formula_token *token = token_add(lexer, symbol->kind, letters + digits);
        token->symbol = symbol;
        token->digits = digits;
    } else if (ends && letters == 1) {
        name_add(lexer, letters, digits);
    } else if (ends && is_pair(lexer, text, letters)) {
        name_add(lexer, 1, 0);
        name_add(lexer, 1, digits);
    } else {
        token_add(lexer, FORMULA_WORD, letters + digits);
    }
}

/* ---- numbers ---- */

static size_t span_number(const char *text)
{
    size_t length = span_digits(text);
    if (text[length] == '.' && is_digit(text[length + 1]))
        length += 1 + span_digits(text + length + 1);
    if (text[length] != 'e')
        return length;
    const size_t sign = text[length + 1] == '-' || text[length + 1] == '+';
    const size_t digits = span_digits(text + length + 1 + sign);
    return digits > 0 ? length + 1 + sign + digits : length;
}

size_t formula_factor(const char *text, size_t length)
{
    size_t factor = 0;
    while (factor < length && text[factor] != 'e')
        factor++;
    return factor;
}

static bool begins_number(const struct lexer *lexer)
{
    const char *text = lexer->formula->text + lexer->at;
    if (is_digit(*text))
        return true;
    const bool glued = lexer->at > 0 && (isalnum((unsigned char)text[-1]) || text[-1] == '.');
    return *text == '.' && is_digit(text[1]) && !glued;
}

/* ---- signs ---- */

static const struct formula_symbol *sign_at(const char *text)
{
    for (size_t k = 0; k < SYMBOLS; k++)
        if (!is_letter(symbols[k].word[0]) &&
            strncmp(symbols[k].word, text, strlen(symbols[k].word)) == 0)
            return &symbols[k];
    return NULL;
}

static void exponent_count(struct lexer *lexer, const struct formula_symbol *symbol)
{
    const struct formula *formula = lexer->formula;
    const bool begins = formula->tokens > 0 && !lexer->spaced &&
                        formula->token[formula->tokens - 1].kind == FORMULA_POWER;
    if (symbol->kind == FORMULA_OPEN && (lexer->exponent > 0 || begins))
        lexer->exponent++;
    else if (symbol->kind == FORMULA_CLOSE && lexer->exponent > 0)
        lexer->exponent--;
}

/* One character of UTF-8, which is no mathematics here. */
static size_t span_other(const char *text)
{
    size_t length = 1;
    while (((unsigned char)text[length] & 0xC0) == 0x80) /* continuation bytes are 10xxxxxx */
        length++;
    return length;
}

static void sign_take(struct lexer *lexer)
{
    const char *text = lexer->formula->text + lexer->at;
    const struct formula_symbol *symbol = sign_at(text);
    if (!symbol) {
        token_add(lexer, FORMULA_WORD, span_other(text));
        return;
    }
    exponent_count(lexer, symbol);
    token_add(lexer, symbol->kind, strlen(symbol->word))->symbol = symbol;
}

static void tokens_take(struct lexer *lexer)
{
    const char *text = lexer->formula->text;
    while (text[lexer->at]) {
        if (isspace((unsigned char)text[lexer->at])) {
            lexer->spaced = true;
            lexer->at++;
        } else if (begins_number(lexer)) {
            token_add(lexer, FORMULA_NUMBER, span_number(text + lexer->at));
        } else if (is_letter(text[lexer->at])) {
            letters_take(lexer);
        } else {
            sign_take(lexer);
        }
    }
}

/* ---- words make words of what is glued to them ---- */

static bool can_be_glued(const struct formula *formula, const struct formula_token *token)
{
    const char first = formula->text[token->start];
    return token->kind == FORMULA_NUMBER || token->kind == FORMULA_NAME ||
           token->kind == FORMULA_PRIME ||
           (token->kind == FORMULA_SIGN && (first == '-' || first == '/'));
}

static void glue(struct formula *formula, size_t k)
{
    struct formula_token *token = formula->token;
    for (size_t j = k; j > 0 && !token[j].spaced && can_be_glued(formula, &token[j - 1]); j--)
        token[j - 1].kind = FORMULA_WORD;
    for (size_t j = k + 1;
         j < formula->tokens && !token[j].spaced && can_be_glued(formula, &token[j]); j++)
        token[j].kind = FORMULA_WORD;
}

static bool is_joined(const struct formula *formula, size_t k)
{
    return k < formula->tokens && !formula->token[k].spaced;
}

/* The dots of i.e. and of version numbers. */
static bool is_inner_dot(const struct formula *formula, size_t k)
{
    const char *text = formula->text + formula->token[k].start;
    return *text == '.' && k > 0 && is_joined(formula, k) && is_joined(formula, k + 1) &&
           isalnum((unsigned char)text[1]);
}

static bool spreads(const struct formula *formula, size_t k)
{
    const struct formula_token *token = &formula->token[k];
    const char first = formula->text[token->start];
    if (token->kind == FORMULA_WORD)
        return is_letter(first) || (unsigned char)first >= 0x80 || is_inner_dot(formula, k) ||
               strchr("@#%&\\$", first) != NULL;
    return token->kind == FORMULA_NUMBER && is_joined(formula, k) && k > 0 &&
           token[-1].kind == FORMULA_NUMBER;
}

/* "c's" is no product with a prime. */
static bool is_possessive(const struct formula *formula, size_t k)
{
    const struct formula_token *token = &formula->token[k];
    return k > 0 && token->kind == FORMULA_PRIME && is_joined(formula, k) &&
           is_joined(formula, k + 1) && formula->text[token[1].start] == 's' &&
           token[1].length == 1 &&
           (!is_joined(formula, k + 2) || token[2].kind == FORMULA_WORD ||
            token[2].kind == FORMULA_COMMA);
}

/* (X16), which names a statement; f(X1) and sqrt(N1) are formulas. */
static bool is_label(const struct formula *formula, size_t k)
{
    const struct formula_token *token = &formula->token[k];
    const char *text = formula->text;
    if (k + 2 >= formula->tokens || text[token->start] != '(' || text[token[2].start] != ')')
        return false;
    if (is_joined(formula, k) && k > 0 && token[-1].kind != FORMULA_WORD)
        return false;
    return token[1].kind == FORMULA_NAME && token[1].length > 1 && token[1].digits > 0 &&
           token[1].digits + 1 == token[1].length && isupper((unsigned char)text[token[1].start]);
}

/* c.b is an inner product; i.e. is none, as a dot follows. */
static bool is_product_dot(const struct formula *formula, size_t k)
{
    const struct formula_token *token = &formula->token[k];
    return is_inner_dot(formula, k) && token[-1].kind == FORMULA_NAME &&
           token[1].kind == FORMULA_NAME &&
           (!is_joined(formula, k + 2) || formula->text[token[2].start] != '.');
}

/* "c1 > 0 a local maximum": no factor. */
static bool is_article(const struct formula *formula, size_t k)
{
    const struct formula_token *token = &formula->token[k];
    return token->kind == FORMULA_NAME && token->length == 1 &&
           formula->text[token->start] == 'a' && k > 0 && token->spaced &&
           token[-1].kind != FORMULA_SIGN && token[1].spaced && token[1].kind == FORMULA_WORD;
}

/* <x, y>: a relation has blanks on both sides or on none. */
static void angles_pair(struct formula *formula)
{
    struct formula_token *open = NULL;
    for (size_t k = 0; k < formula->tokens; k++) {
        struct formula_token *token = &formula->token[k];
        const char sign = token->length == 1 ? formula->text[token->start] : '\0';
        const bool begins = token->spaced || k == 0 || token[-1].kind == FORMULA_OPEN;
        if (sign == '<' && begins && is_joined(formula, k + 1))
            open = token;
        if (sign != '>' || token->spaced || !open)
            continue;
        open->kind = FORMULA_OPEN;
        open->symbol = formula_symbol("⟨", strlen("⟨"));
        token->kind = FORMULA_CLOSE;
        token->symbol = formula_symbol("⟩", strlen("⟩"));
        open = NULL;
    }
}

static void words_spread(struct formula *formula)
{
    angles_pair(formula);
    for (size_t k = 0; k < formula->tokens; k++) {
        if (is_article(formula, k))
            formula->token[k].kind = FORMULA_WORD;
        if (is_product_dot(formula, k)) {
            formula->token[k].kind = FORMULA_SIGN;
            formula->token[k].symbol = formula_symbol("*", 1);
        }
        if (is_possessive(formula, k))
            formula->token[k + 1].kind = FORMULA_WORD;
        if (is_label(formula, k))
            for (size_t j = 0; j <= 2; j++)
                formula->token[k + j].kind = FORMULA_WORD;
    }
    for (size_t k = 0; k < formula->tokens; k++)
        if (spreads(formula, k)) {
            formula->token[k].kind = FORMULA_WORD;
            glue(formula, k);
        }
}

enum status formula_read(const char *text, struct formula *formula)
{
    const size_t length = strlen(text);
    *formula = (struct formula){.text = text, .room = 2 * length + 2};
    formula->token = calloc(length + 2, sizeof *formula->token);
    formula->node = calloc(formula->room, sizeof *formula->node);
    if (!formula->token || !formula->node) {
        formula_free(formula);
        return status_fail(NO_MEMORY, "no memory for a text of %zu bytes", length);
    }
    struct lexer lexer = {.formula = formula};
    tokens_take(&lexer);
    formula->token[formula->tokens] =
        (struct formula_token){.kind = FORMULA_END, .start = length, .spaced = true};
    words_spread(formula);
    return OK;
}

void formula_free(struct formula *formula)
{
    free(formula->token);
    free(formula->node);
    *formula = (struct formula){.text = NULL};
}
