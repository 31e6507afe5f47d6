/* Formulas, markup and figures of reports.
 *
 * Formulas: known ones are typeset as known, words stay words, and of every statement and control of
 * the registry each letter and digit is still there, in the same order, in both languages; what is
 * cut anywhere or has brackets without end is never lost, and tags and braces are balanced.  Markup:
 * no character of an alphabet of nuisances is left as it is.  Figures: what is not on the lists is
 * refused. */
#include "plots/formula.h"
#include "plots/markup.h"
#include "plots/svg.h"
#include "proofs-check/theorem.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_MAX = 1 << 16, NAME_MAX_HERE = 32 };

typedef enum status typeset(FILE *file, const char *text);

static void written(typeset *write, const char *text, char *result)
{
    FILE *file = fmemopen(result, TEXT_MAX, "w");
    assert_non_null(file);
    assert_int_equal(write(file, text), OK);
    assert_int_equal(fputc('\0', file), '\0');
    assert_int_equal(fclose(file), 0);
}

/* ---- known formulas ---- */

static const struct {
    const char *text, *latex;
} known[] = {
    {"c1 a2 - c2 a1^2/2 is conserved", "$c_{1}\\,a_{2}-c_{2}\\,a_{1}^{2}/2$ is conserved"},
    {"A_i A_i' and A_(i+1)'", "$A_{i}\\,A_{i}^{\\prime }$ and $A_{i+1}^{\\prime }$"},
    {"beta > 0, c1 != 0", "$\\beta >0$, $c_{1}\\ne 0$"},
    {"t^(-1/(m-1))", "$t^{-1/(m-1)}$"},
    {"c_{k<i}", "$c_{k<i}$"},
    {"sqrt(x^2 + 1) and sqrt t", "$\\sqrt{x^{2}+1}$ and $\\sqrt{t}$"},
    {"P -> W from every start", "$P\\to W$ from every start"},
    {"A_2^+ and C_i^-1", "$A_{2}^{+}$ and $C_{i}^{-1}$"},
    {"a(0) = 1e-12", "$a(0)=10^{-12}$"},
    {"x = 2.5e3", "$x=2.5\\cdot 10^{3}$"},
    {"<W, Z> = k < i", "$\\langle W,Z\\rangle =k<i$"},
    {"|c.b| < |a|^2", "$|c\\cdot b|<|a|^{2}$"},
    {"e^(2st)", "$e^{2st}$"},
    {"c1* > K* + d", "$c_{1}^{*}>K^{*}+d$"},
    /* words */
    {"a limit of a chain, I say", "a limit of a chain, I say"},
    {"A root is a root", "A root is a root"},
    {"where c1 > 0 a maximum attracts", "where $c_{1}>0$ a maximum attracts"},
    {"the laws of (X16) and (UN3)", "the laws of (X16) and (UN3)"},
    {"i.e. 30 of 50 and e.g. one", "i.e. 30 of 50 and e.g. one"},
    {"Theorem 4, page 7, (1, 1, 1)", "Theorem 4, page 7, (1, 1, 1)"},
    {"from here to infinity in time", "from here to infinity in time"},
    {"tanh neurons, the sign of it", "tanh neurons, the sign of it"},
    {"the sum of the integral", "the sum of the integral"},
    {"kn < 0", "kn \\textless{} 0"},
    /* what is begun and not ended */
    {"(a1 + the rest)", "($a_{1}$ + the rest)"},
    {"x^", "x\\textasciicircum{}"},
    {"|x - limit|", "\\textbar{}$x$ -{} limit\\textbar{}"},
    {"a1_2", "a1\\_2"},
};

static void test_known(void **state)
{
    static char latex[TEXT_MAX];
    (void)state;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        written(formula_latex, known[k].text, latex);
        assert_string_equal(latex, known[k].latex);
    }
}

static void test_mathml(void **state)
{
    static char html[TEXT_MAX];
    (void)state;
    written(formula_html, "1 < 2, a1^2/2 <= -beta", html);
    assert_string_equal(
        html, "1 &lt; 2, <math><msubsup><mrow><mi>a</mi></mrow><mn>1</mn><mrow><mn>2</mn></mrow>"
              "</msubsup><mo form=\"infix\" lspace=\"0\" rspace=\"0\">/</mo><mn>2</mn>"
              "<mo form=\"infix\">≤</mo><mo form=\"prefix\">−</mo><mi>β</mi></math>");
}

/* ---- nothing is lost ---- */

static const struct {
    const char *word, *letter;
} greek[] = {{"alpha", "α"},
             {"beta", "β"},
             {"gamma", "γ"},
             {"delta", "δ"},
             {"epsilon", "ε"},
             {"eps", "ε"},
             {"eta", "η"},
             {"theta", "θ"},
             {"kappa", "κ"},
             {"lambda", "λ"},
             {"mu", "μ"},
             {"pi", "π"},
             {"rho", "ρ"},
             {"sigma", "σ"},
             {"Sigma", "Σ"},
             {"sqrt", ""},
             {"sum", ""},
             {"prod", ""},
             {"int", ""},
             {"infinity", ""},
             {"varepsilon", "ε"},
             {"ldots", ""},
             {"to", ""},
             {"le", ""},
             {"ge", ""},
             {"ne", ""},
             {"pm", ""},
             {"mp", ""},
             {"cdot", ""},
             {"sim", ""},
             {"infty", ""},
             {"prime", ""},
             {"langle", ""},
             {"rangle", ""},
             {"mathrm", ""},
             {"textbar", ""},
             {"textless", ""},
             {"textgreater", ""},
             {"textquotesingle", ""},
             {"textquotedbl", ""},
             {"textasciicircum", ""},
             {"textasciitilde", ""}};

/* U+0380 to U+03FF */
static bool is_greek(const char *text)
{
    return (unsigned char)*text == 0xCE || (unsigned char)*text == 0xCF;
}

/* Letters and digits in their order; Greek ones by letter, other words of the table left out. */
static void essence(const char *text, char *result)
{
    while (*text) {
        const size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        size_t k = 0;
        while (length > 0 && k < sizeof greek / sizeof *greek &&
               (strlen(greek[k].word) != length || strncmp(greek[k].word, text, length) != 0))
            k++;
        if (length > 0 && k < sizeof greek / sizeof *greek)
            result += sprintf(result, "%s", greek[k].letter);
        else if (length > 0)
            result += sprintf(result, "%.*s", (int)length, text);
        else if (isdigit((unsigned char)*text))
            result += sprintf(result, "%c", *text);
        else if (is_greek(text))
            result += sprintf(result, "%.2s", text);
        text += length > 0 ? length : 1;
    }
    *result = '\0';
}

/* Without tags; entities are no letters here. */
static void untagged(const char *html, char *result)
{
    while (*html) {
        if (*html == '<') {
            html = strchr(html, '>') + 1;
            *result++ = ' ';
        } else if (*html == '&') {
            html = strchr(html, ';') + 1;
            *result++ = ' ';
        } else if ((unsigned char)*html >= 0xE0) { /* signs: three bytes and more */
            html++;
            while (((unsigned char)*html & 0xC0) == 0x80)
                html++;
        } else {
            *result++ = *html++;
        }
    }
    *result = '\0';
}

/* 1e-2 becomes a power of ten. */
static bool has_power(const char *text)
{
    for (; *text; text++)
        if (isdigit((unsigned char)*text) && text[1] == 'e' &&
            (isdigit((unsigned char)text[2]) || strchr("+-", text[2])))
            return true;
    return false;
}

static void tags_balance(const char *html)
{
    static char open[TEXT_MAX / NAME_MAX_HERE][NAME_MAX_HERE];
    size_t depth = 0;
    for (const char *at = strchr(html, '<'); at; at = strchr(at + 1, '<')) {
        char name[NAME_MAX_HERE] = "";
        const char *end = strchr(at, '>');
        assert_non_null(end);
        assert_int_equal(sscanf(at, at[1] == '/' ? "</%31[a-z]" : "<%31[a-z]", name), 1);
        if (end[-1] == '/' || strcmp(name, "wbr") == 0)
            continue;
        if (at[1] == '/')
            assert_string_equal(open[--depth], name);
        else
            memcpy(open[depth++], name, sizeof name);
    }
    assert_int_equal(depth, 0);
}

static void braces_balance(const char *latex)
{
    long depth = 0, dollars = 0;
    for (; *latex; latex++) {
        if (*latex == '\\' && latex[1]) {
            latex++;
            continue;
        }
        depth += (*latex == '{') - (*latex == '}');
        dollars += *latex == '$';
        assert_true(depth >= 0);
    }
    assert_int_equal(depth, 0);
    assert_int_equal(dollars % 2, 0);
}

static void look_at(const char *text)
{
    static char html[TEXT_MAX], latex[TEXT_MAX], plain[TEXT_MAX], found[TEXT_MAX], wanted[TEXT_MAX];
    written(formula_html, text, html);
    written(formula_latex, text, latex);
    tags_balance(html);
    braces_balance(latex);
    if (has_power(text))
        return;
    essence(text, wanted);
    untagged(html, plain);
    essence(plain, found);
    assert_string_equal(found, wanted);
    essence(latex, found);
    assert_string_equal(found, wanted);
}

static void test_registry(void **state)
{
    size_t formulas = 0, texts = 0;
    static char html[TEXT_MAX];
    (void)state;
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++) {
            const struct theorem *theorem = &theorem_chapters[k]->theorem[j];
            look_at(theorem->statement);
            look_at(theorem->hypotheses);
            look_at(theorem->control.what);
            written(formula_html, theorem->statement, html);
            bool formula = strstr(html, "<math>") != NULL;
            written(formula_html, theorem->hypotheses, html);
            formulas += formula || strstr(html, "<math>") != NULL;
            texts++;
        }
    assert_true(10 * formulas > 9 * texts); /* in nine of ten, here or there */
}

/* Statements cut at both ends, anywhere. */
static void test_cut(void **state)
{
    static char text[TEXT_MAX];
    (void)state;
    for (size_t k = 0; theorem_chapters[k]; k++) {
        const char *statement = theorem_chapters[k]->theorem[0].statement;
        const size_t length = strlen(statement);
        for (size_t from = 0; from < length; from += 3)
            for (size_t to = from; to <= length; to += 5) {
                snprintf(text, sizeof text, "%.*s", (int)(to - from), statement + from);
                look_at(text);
            }
    }
}

/* Random rows of what formulas are made of; exponents or indices, as these change places in x^2_1. */
static void test_random(void **state)
{
    static const char *const pieces[] = {
        "a",    "A",   "a1", "x", "(", ")",    "[",   "]",   "{",  "}",  "|",  "^",  "_", "'",
        "beta", "the", ",",  ";", ".", "...",  "<",   ">",   "<=", "->", "-",  "+-", "*", "/",
        "2",    "0.5", " ",  " ", " ", "sqrt", "sum", "log", "\"", "&",  "II", "dP"};
    (void)state;
    for (uint64_t index = 0; index < 20000; index++) {
        struct stream stream = stream_at(1, stream_key("random formulas"), index);
        char text[512] = "";
        const uint64_t count = 1 + stream_below(&stream, 24);
        size_t length = 0;
        for (uint64_t k = 0; k < count; k++)
            length +=
                (size_t)snprintf(text + length, sizeof text - length, "%s",
                                 pieces[stream_below(&stream, sizeof pieces / sizeof *pieces)]);
        for (char *c = strpbrk(text, "^_"); c; c = strpbrk(c + 1, "^_"))
            *c = index % 2 == 0 ? '^' : '_';
        look_at(text);
    }
}

static void test_deep(void **state)
{
    static char text[4001], html[TEXT_MAX];
    (void)state;
    for (size_t k = 0; k < sizeof text - 1; k++)
        text[k] = '(';
    written(formula_html, text, html);
    assert_string_equal(html, text);
}

/* ---- markup ---- */

static enum status html_write(FILE *file, const char *text)
{
    markup_html(file, text);
    return OK;
}

static enum status latex_write(FILE *file, const char *text)
{
    markup_latex(file, text);
    return OK;
}

static void test_escapes(void **state)
{
    static char result[TEXT_MAX];
    (void)state;
    written(html_write, "<a href=\"x\" b='y'>&amp;\x01\xC3\xA9\xFF\xC0\x80\xED\xA0\x80", result);
    assert_string_equal(result, "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;\xEF\xBF\xBD"
                                "\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF"
                                "\xBD\xEF\xBF\xBD");
    written(latex_write, "\\x{$&#^_%~}--é", result);
    assert_string_equal(result, "\\textbackslash{}x\\{\\$\\&\\#\\textasciicircum{}\\_\\%"
                                "\\textasciitilde{}\\}-{}-{}\\'e");
    written(latex_write, "\xF0\x9F\x98\x80", result);
    assert_string_equal(result, "[U+1F600]");
}

/* RFC 4648, section 10 */
static void test_base64(void **state)
{
    static const char *const vectors[][2] = {{"", ""},
                                             {"f", "Zg=="},
                                             {"fo", "Zm8="},
                                             {"foo", "Zm9v"},
                                             {"foob", "Zm9vYg=="},
                                             {"fooba", "Zm9vYmE="},
                                             {"foobar", "Zm9vYmFy"}};
    (void)state;
    for (size_t k = 0; k < sizeof vectors / sizeof *vectors; k++) {
        char result[64] = "";
        FILE *file = fmemopen(result, sizeof result, "w");
        markup_base64(file, strlen(vectors[k][0]), (const unsigned char *)vectors[k][0]);
        fclose(file);
        assert_string_equal(result, vectors[k][1]);
    }
}

/* ---- figures ---- */

#define FIGURE(inside) "<svg width=\"9\" height=\"9\" viewBox=\"0 0 9 9\">" inside "</svg>"

static void test_figures(void **state)
{
    static const char *const refused[] = {FIGURE("<script/>"),
                                          FIGURE("<g onclick='x'/>"),
                                          FIGURE("<g id='a' id='b'/>"),
                                          FIGURE("<g"),
                                          FIGURE("<g>"),
                                          FIGURE("</g>"),
                                          FIGURE("<g></h>"),
                                          FIGURE("<g fill=red/>"),
                                          FIGURE("<use href='other.svg#a'/>"),
                                          FIGURE("<g fill='url(x)'/>"),
                                          FIGURE("&x;"),
                                          FIGURE("<rect style='fill:&#117;rl(x)'/>"),
                                          FIGURE("<g fill='\xC3\xA9'/>"),
                                          FIGURE("<text>\x01</text>"),
                                          FIGURE("<![CDATA[x]]>"),
                                          FIGURE("<!DOCTYPE x>"),
                                          FIGURE("") "<svg/>",
                                          FIGURE("") "x",
                                          "<g/>",
                                          "",
                                          "<svg>",
                                          "<svg/>",
                                          "<svg width='9' height='9'></svg>",
                                          FIGURE("<image href='data:image/svg+xml;base64,AA=='/>"),
                                          "<!DOCTYPE svg [<!ENTITY x 'y'>]>" FIGURE("")};
    struct svg svg = {.body = NULL};
    (void)state;
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++)
        assert_int_equal(svg_read(refused[k], "f1-", &svg), BAD_DATA);
    const char *whole = "<?xml version='1.0'?>\n<!-- x -->" FIGURE(
        "<defs><path id='a' d='M0 0'/></defs><title>no</title>"
        "<g fill='url(#a)'><use xlink:href='#a'/><text>x &lt; <tspan dy='-3'>2</tspan></text></g>"
        "<image xlink:href='data:image/png;base64,iVBO'/>");
    assert_int_equal(svg_read(whole, "f1-", &svg), OK);
    assert_string_equal(svg.body, "<defs><path id=\"f1-a\" d=\"M0 0\"/></defs>"
                                  "<g fill=\"url(#f1-a)\"><use href=\"#f1-a\"/>"
                                  "<text>x &lt; <tspan dy=\"-3\">2</tspan></text></g>"
                                  "<image href=\"data:image/png;base64,iVBO\"/>");
    assert_string_equal(svg.words, "x < ^2");
    svg_free(&svg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),    cmocka_unit_test(test_mathml),
        cmocka_unit_test(test_registry), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_random),   cmocka_unit_test(test_deep),
        cmocka_unit_test(test_escapes),  cmocka_unit_test(test_base64),
        cmocka_unit_test(test_figures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
