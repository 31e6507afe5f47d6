/* A report as one page of HTML.
 *
 * The page loads nothing: style, script and figures stand in it, and its content security policy
 * forbids everything else, so that even a text that slipped through could load and run nothing: the
 * only script is the one with that SHA-256.  Landmarks: header, navigation, main, footer; sections are
 * named by their headings; what scrolls sideways can be reached by keyboard.  Without the script the
 * page is whole, only the filters are hidden. */
#include "plots/report.h"

#include "plots/formula.h"
#include "plots/markup.h"
#include "plots/report_asset.h"

#include <string.h>

enum { DIGEST_BYTES = 32, HEX = 16 };

/* A verdict has a sign, too, as colours alone tell some readers nothing. */
static const char *const marks[REPORT_VERDICTS] = {"∎", "◆", "✓", "?", "✗"};

struct page {
    const struct report *report;
    FILE *file;
};

static void text_write(const struct page *page, const char *text)
{
    markup_html(page->file, text);
}

static void put(const struct page *page, const char *markup)
{
    fputs(markup, page->file);
}

/* <tag>text</tag> */
static void element_write(const struct page *page, const char *tag, const char *text)
{
    fprintf(page->file, "<%s>", tag);
    text_write(page, text);
    fprintf(page->file, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

static void attribute_write(const struct page *page, const char *name, const char *value)
{
    fprintf(page->file, " %s=\"", name);
    text_write(page, value);
    put(page, "\"");
}

/* ---- head ---- */

static void policy_write(const struct page *page)
{
    unsigned char digest[DIGEST_BYTES] = {0};
    const char *hex = page->report->script_digest;
    for (size_t k = 0; k < 2 * DIGEST_BYTES && hex[k]; k++) {
        const char digit = hex[k];
        const int value = digit >= 'a' ? digit - 'a' + HEX - 6 : digit - '0';
        digest[k / 2] = (unsigned char)(digest[k / 2] * HEX + value);
    }
    put(page, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
              "img-src data:; style-src 'unsafe-inline'; script-src 'sha256-");
    markup_base64(page->file, DIGEST_BYTES, digest);
    put(page, "'; base-uri 'none'; form-action 'none'\">\n");
}

static void head_write(const struct page *page)
{
    put(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    policy_write(page);
    put(page, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n");
    element_write(page, "title", page->report->title);
    put(page, "<style>\n");
    put(page, report_asset_style);
    put(page,
        "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the results</a>\n");
}

/* ---- sections ---- */

static void section_begin(const struct page *page, const char *id, const char *title)
{
    fprintf(page->file, "<section aria-labelledby=\"section-%s\">\n<h2 id=\"section-%s\">%s</h2>\n",
            id, id, title);
}

static void section_end(const struct page *page)
{
    put(page, "</section>\n");
}

/* Lines are broken between its words and not at their dashes. */
static void command_write(const struct page *page, const char *text)
{
    put(page, "<code class=\"command\">");
    for (size_t length; *text; text += length) {
        length = strcspn(text, " ");
        put(page, "<span>");
        markup_html_part(page->file, text, length);
        put(page, "</span>");
        for (; text[length] == ' '; length++)
            put(page, " ");
    }
    put(page, "</code>");
}

static enum status fact_write(const struct page *page, const struct report_fact *fact)
{
    put(page, "<div><dt>");
    text_write(page, fact->term);
    put(page, "</dt><dd>");
    if (fact->form == REPORT_FORMULA)
        TRY(formula_html(page->file, fact->text));
    else if (fact->form == REPORT_COMMAND)
        command_write(page, fact->text);
    else if (fact->form == REPORT_CODE)
        element_write(page, "code", fact->text);
    else
        text_write(page, fact->text);
    put(page, "</dd></div>\n");
    return OK;
}

static enum status facts_write(const struct page *page, const struct report_facts *facts)
{
    if (facts->count == 0)
        return OK;
    put(page, "<dl class=\"facts\">\n");
    for (size_t k = 0; k < facts->count; k++)
        TRY(fact_write(page, &facts->fact[k]));
    put(page, "</dl>\n");
    return OK;
}

/* ---- claims ---- */

static size_t verdict_of(const struct report_claim *claim)
{
    size_t verdict = 0;
    while (verdict + 1 < REPORT_VERDICTS && strcmp(report_verdicts[verdict], claim->verdict) != 0)
        verdict++;
    return verdict;
}

static void chip_write(const struct page *page, const struct report_claim *claim)
{
    const size_t verdict = verdict_of(claim);
    fprintf(page->file, "<span class=\"chip %s\"><span aria-hidden=\"true\">%s</span> %s</span>",
            report_verdicts[verdict], marks[verdict], report_verdicts[verdict]);
    if (!claim->as_recorded) {
        put(page, " <strong class=\"differs\">differs from the record: ");
        text_write(page, claim->recorded);
        put(page, "</strong>");
    }
}

static const char *chapter_of(const struct report_claim *claim)
{
    return claim->chapter;
}

static const char *work_of(const struct report_claim *claim)
{
    return claim->work;
}

/* Is it the first claim with that text? */
static bool is_new(const struct report *report, size_t k,
                   const char *(*text_of)(const struct report_claim *claim))
{
    for (size_t j = 0; j < k; j++)
        if (strcmp(text_of(&report->claim[j]), text_of(&report->claim[k])) == 0)
            return false;
    return true;
}

static void select_begin(const struct page *page, const char *id, const char *label)
{
    fprintf(page->file,
            "<label for=\"filter-%s\">%s</label>\n<select id=\"filter-%s\">\n"
            "<option value=\"\">all</option>\n",
            id, label, id);
}

static void option_write(const struct page *page, const char *text)
{
    put(page, "<option");
    attribute_write(page, "value", text);
    put(page, ">");
    text_write(page, text);
    put(page, "</option>\n");
}

static void select_write(const struct page *page, const char *id, const char *label,
                         const char *(*text_of)(const struct report_claim *claim))
{
    const struct report *report = page->report;
    put(page, "<div>");
    select_begin(page, id, label);
    for (size_t k = 0; k < report->claims; k++)
        if (is_new(report, k, text_of))
            option_write(page, text_of(&report->claim[k]));
    put(page, "</select></div>\n");
}

/* Has an earlier claim, or an earlier place of this list, the system "|name|" of that length? */
static bool system_is_new(const struct report *report, size_t k, const char *name, size_t length)
{
    for (size_t j = 0; j <= k; j++)
        for (const char *at = report->claim[j].systems; *at && at[1];
             at += 1 + strcspn(at + 1, "|")) {
            if (at == name)
                return true;
            if (strncmp(at, name, length) == 0)
                return false;
        }
    return true;
}

static void systems_write(const struct page *page)
{
    const struct report *report = page->report;
    put(page, "<div>");
    select_begin(page, "system", "System");
    for (size_t k = 0; k < report->claims; k++)
        for (const char *at = report->claim[k].systems; *at && at[1];
             at += 1 + strcspn(at + 1, "|")) {
            const size_t length = strcspn(at + 1, "|");
            if (!system_is_new(report, k, at, length + 2))
                continue;
            put(page, "<option>");
            markup_html_part(page->file, at + 1, length);
            put(page, "</option>\n");
        }
    put(page, "</select></div>\n");
}

static void verdicts_write(const struct page *page)
{
    const struct report *report = page->report;
    put(page, "<fieldset><legend>Verdict</legend>\n");
    for (size_t v = 0; v < REPORT_VERDICTS; v++) {
        size_t count = 0;
        for (size_t k = 0; k < report->claims; k++)
            count += verdict_of(&report->claim[k]) == v;
        fprintf(
            page->file,
            "<label class=\"box\"><input type=\"checkbox\" name=\"verdict\" value=\"%s\" checked> "
            "<span class=\"chip %s\"><span aria-hidden=\"true\">%s</span> %s %zu</span></label>\n",
            report_verdicts[v], report_verdicts[v], marks[v], report_verdicts[v], count);
    }
    put(page,
        "<label class=\"box\"><input type=\"checkbox\" id=\"filter-differs\"> only what differs "
        "from the record</label>\n</fieldset>\n");
}

static void filters_write(const struct page *page)
{
    put(page, "<form class=\"filters\" id=\"filters\" role=\"search\" aria-label=\"Filter the "
              "claims\" hidden>\n");
    verdicts_write(page);
    put(page, "<div class=\"selects\">\n");
    select_write(page, "work", "Source", work_of);
    systems_write(page);
    select_write(page, "chapter", "Chapter", chapter_of);
    put(page, "<div><label for=\"filter-text\">Text</label>\n"
              "<input id=\"filter-text\" type=\"search\" placeholder=\"words of a claim\"></div>\n"
              "<div><button type=\"reset\">Show all</button></div>\n</div>\n");
    fprintf(page->file,
            "<p class=\"shown\" role=\"status\"><span id=\"shown\">%zu</span> of %zu claims "
            "shown</p>\n</form>\n",
            page->report->claims, page->report->claims);
}

static void cell_write(const struct page *page, const char *class, const char *text)
{
    fprintf(page->file, "<td class=\"%s\">", class);
    text_write(page, text);
    put(page, "</td>");
}

static void row_write(const struct page *page, const struct report_claim *claim)
{
    put(page, "<tr");
    attribute_write(page, "data-claim", claim->id);
    put(page, "><th scope=\"row\"><a");
    fputs(" href=\"#", page->file);
    text_write(page, claim->id);
    put(page, "\">");
    text_write(page, claim->id);
    put(page, "</a></th><td>");
    chip_write(page, claim);
    put(page, "</td>");
    cell_write(page, "narrow", claim->by);
    cell_write(page, "number", claim->trials);
    cell_write(page, "number", claim->worst);
    cell_write(page, "number", claim->bound);
    cell_write(page, "number", claim->measure);
    cell_write(page, "narrow", claim->control);
    put(page, "</tr>\n");
}

static void index_write(const struct page *page)
{
    put(page,
        "<div class=\"scroll\" role=\"region\" aria-label=\"Table of claims\" tabindex=\"0\">\n"
        "<table class=\"claims\">\n<caption>Claims and verdicts. <em>By</em>: the argument of "
        "an exact proof. <em>Worst</em>: the largest deviation from the prediction; "
        "<em>allowed</em>: what one may be. <em>Fails on less than</em>: the bound on the "
        "share of instances on which the conclusion fails.</caption>\n"
        "<thead><tr><th scope=\"col\">claim</th><th scope=\"col\">verdict</th>"
        "<th scope=\"col\">by</th><th scope=\"col\" class=\"number\">trials</th>"
        "<th scope=\"col\" class=\"number\">worst</th>"
        "<th scope=\"col\" class=\"number\">allowed</th>"
        "<th scope=\"col\" class=\"number\">fails on less than</th>"
        "<th scope=\"col\">control</th></tr></thead>\n<tbody>\n");
    for (size_t k = 0; k < page->report->claims; k++)
        row_write(page, &page->report->claim[k]);
    put(page, "</tbody>\n</table>\n</div>\n");
}

static enum status claim_write(const struct page *page, const struct report_claim *claim)
{
    put(page, "<article class=\"claim\"");
    attribute_write(page, "id", claim->id);
    attribute_write(page, "data-verdict", report_verdicts[verdict_of(claim)]);
    attribute_write(page, "data-record", claim->as_recorded ? "same" : "differs");
    attribute_write(page, "data-work", claim->work);
    attribute_write(page, "data-chapter", claim->chapter);
    attribute_write(page, "data-systems", claim->systems);
    put(page, ">\n<div class=\"heading\"><h3><a href=\"#");
    text_write(page, claim->id);
    put(page, "\">");
    text_write(page, claim->id);
    put(page, "</a></h3> ");
    chip_write(page, claim);
    put(page, "</div>\n<p class=\"statement\">");
    TRY(formula_html(page->file, claim->statement));
    put(page, "</p>\n");
    TRY(facts_write(page, &claim->facts));
    if (claim->steps) {
        put(page, "<details><summary>The proof, step by step</summary>\n<pre>");
        text_write(page, claim->steps);
        put(page, "</pre></details>\n");
    }
    put(page, "</article>\n");
    return OK;
}

static enum status claims_write(const struct page *page)
{
    if (page->report->claims == 0)
        return OK;
    section_begin(page, "claims", "Claims");
    filters_write(page);
    index_write(page);
    for (size_t k = 0; k < page->report->claims; k++)
        TRY(claim_write(page, &page->report->claim[k]));
    section_end(page);
    return OK;
}

/* ---- tables ---- */

/* Are all its cells numbers, or missing ones? */
static bool column_is_number(const struct report_table *table, size_t column)
{
    for (size_t row = 1; row <= table->rows; row++) {
        const char *text = table->cell[row * table->columns + column];
        if (strspn(text, "0123456789.,-+e %\u00b1") != strlen(text) && strcmp(text, "nan") != 0)
            return false;
    }
    return true;
}

static void cell_begin(const struct page *page, const char *tag, bool number)
{
    fprintf(page->file, "<%s%s>", tag, number ? " class=\"number\"" : "");
}

static enum status sheet_cell_write(const struct page *page, const struct report_table *table,
                                    size_t row, size_t column)
{
    const char *text = table->cell[row * table->columns + column];
    cell_begin(page, "td", column_is_number(table, column));
    TRY(formula_html(page->file, text));
    put(page, "</td>");
    return OK;
}

static enum status table_write(const struct page *page, const struct report_table *table)
{
    put(page, "<div class=\"scroll\" role=\"region\" tabindex=\"0\"");
    attribute_write(page, "aria-label", table->title);
    put(page, ">\n<table>\n<caption>");
    TRY(formula_html(page->file, table->title));
    if (table->note) {
        put(page, ". ");
        TRY(formula_html(page->file, table->note));
    }
    if (table->left_out > 0)
        fprintf(page->file, ". The first %zu rows; %zu more are in the file", table->rows,
                table->left_out);
    put(page, "</caption>\n<thead><tr>");
    for (size_t k = 0; k < table->columns; k++) {
        cell_begin(page, "th scope=\"col\"", column_is_number(table, k));
        text_write(page, table->cell[k]);
        put(page, "</th>");
    }
    put(page, "</tr></thead>\n<tbody>\n");
    for (size_t row = 1; row <= table->rows; row++) {
        put(page, "<tr>");
        for (size_t k = 0; k < table->columns; k++)
            TRY(sheet_cell_write(page, table, row, k));
        put(page, "</tr>\n");
    }
    put(page, "</tbody>\n</table>\n</div>\n");
    return OK;
}

static enum status tables_write(const struct page *page)
{
    if (page->report->tables == 0)
        return OK;
    section_begin(page, "tables", "Tables");
    for (size_t k = 0; k < page->report->tables; k++)
        TRY(table_write(page, &page->report->table[k]));
    section_end(page);
    return OK;
}

/* ---- figures ---- */

/* What a reader who does not see it is told. */
static void description_write(const struct page *page, const struct report_figure *figure)
{
    text_write(page, figure->title);
    if (*figure->svg.words) {
        put(page, ". In the figure: ");
        text_write(page, figure->svg.words);
    }
}

static void vector_write(const struct page *page, const struct report_figure *figure)
{
    const struct svg *svg = &figure->svg;
    fprintf(page->file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%s\" height=\"%s\" "
            "viewBox=\"%s\" aria-label=\"",
            svg->width, svg->height, svg->box);
    description_write(page, figure);
    put(page, "\">");
    put(page, svg->body);
    put(page, "</svg>\n");
}

/* The width in the header of a PNG, which is drawn at 300 dots to the inch, in CSS pixels. */
static unsigned long raster_width(const struct report_figure *figure)
{
    enum { WIDTH_AT = 16, WIDTH_END = 20, BYTE = 8 };
    static const unsigned long CSS = 96, DOTS = 300, MOST = 20000;
    unsigned long width = 0;
    for (size_t k = WIDTH_AT; k < WIDTH_END && figure->length >= WIDTH_END; k++)
        width = width << BYTE | figure->bytes[k];
    return width <= MOST ? width * CSS / DOTS : 0;
}

static void raster_write(const struct page *page, const struct report_figure *figure)
{
    const unsigned long width = raster_width(figure);
    put(page, "<img");
    if (width > 0)
        fprintf(page->file, " width=\"%lu\"", width);
    put(page, " alt=\"");
    description_write(page, figure);
    put(page, "\" src=\"data:image/png;base64,");
    markup_base64(page->file, figure->length, figure->bytes);
    put(page, "\">\n");
}

static void figures_write(const struct page *page)
{
    const struct report *report = page->report;
    if (report->figures == 0)
        return;
    section_begin(page, "figures", "Figures");
    put(page, "<div class=\"figures\">\n");
    for (size_t k = 0; k < report->figures; k++) {
        const struct report_figure *figure = &report->figure[k];
        put(page, "<figure>\n");
        if (figure->is_vector)
            vector_write(page, figure);
        else
            raster_write(page, figure);
        fprintf(page->file, "<figcaption><b>Figure %zu.</b> ", k + 1);
        text_write(page, figure->title);
        put(page, ". <code>");
        text_write(page, figure->name);
        put(page, "</code></figcaption>\n</figure>\n");
    }
    put(page, "</div>\n");
    section_end(page);
}

/* ---- the rest ---- */

static void files_write(const struct page *page)
{
    const struct report *report = page->report;
    section_begin(page, "files", "Files");
    put(page,
        "<div class=\"scroll\" role=\"region\" aria-label=\"Table of files\" tabindex=\"0\">\n"
        "<table class=\"files\">\n<caption>Every file that the manifest lists, read again for "
        "this report</caption>\n<thead><tr><th scope=\"col\">file</th>"
        "<th scope=\"col\" class=\"number\">bytes</th><th scope=\"col\">SHA-256</th>"
        "<th scope=\"col\">compared with the manifest</th></tr></thead>\n<tbody>\n");
    for (size_t k = 0; k < report->files; k++) {
        const struct report_file *file = &report->file[k];
        put(page, "<tr><th scope=\"row\">");
        text_write(page, file->name);
        fprintf(page->file, "</th><td class=\"number\">%llu</td><td><code>", file->bytes);
        text_write(page, file->digest);
        put(page, file->as_recorded ? "</code></td><td>same</td></tr>\n"
                                    : "</code></td><td><strong class=\"differs\">differs</strong>"
                                      "</td></tr>\n");
    }
    put(page, "</tbody>\n</table>\n</div>\n");
    section_end(page);
}

static void warnings_write(const struct page *page)
{
    if (page->report->warnings == 0)
        return;
    put(page, "<section class=\"warnings\" aria-labelledby=\"section-warnings\">\n"
              "<h2 id=\"section-warnings\">Warnings</h2>\n<ul>\n");
    for (size_t k = 0; k < page->report->warnings; k++)
        element_write(page, "li", page->report->warning[k]);
    put(page, "</ul>\n");
    section_end(page);
}

static void navigation_write(const struct page *page)
{
    const struct report *report = page->report;
    const struct {
        const char *id, *title;
        bool present;
    } sections[] = {{"warnings", "Warnings", report->warnings > 0},
                    {"summary", "Summary", true},
                    {"claims", "Claims", report->claims > 0},
                    {"tables", "Tables", report->tables > 0},
                    {"figures", "Figures", report->figures > 0},
                    {"environment", "Environment", true},
                    {"files", "Files", true}};
    put(page, "<nav aria-label=\"Sections\"><ul>\n");
    for (size_t k = 0; k < sizeof sections / sizeof *sections; k++)
        if (sections[k].present)
            fprintf(page->file, "<li><a href=\"#section-%s\">%s</a></li>\n", sections[k].id,
                    sections[k].title);
    put(page, "</ul></nav>\n");
}

static void header_write(const struct page *page)
{
    put(page, "<header>\n<p class=\"kind\">settle ");
    text_write(page, page->report->command);
    put(page, "</p>\n");
    element_write(page, "h1", page->report->title);
    element_write(page, "p class=\"lead\"", page->report->lead);
    put(page, "</header>\n");
}

static enum status main_write(const struct page *page)
{
    const struct report *report = page->report;
    put(page, "<main id=\"main\">\n");
    warnings_write(page);
    section_begin(page, "summary", "Summary");
    TRY(facts_write(page, &report->summary));
    section_end(page);
    TRY(claims_write(page));
    TRY(tables_write(page));
    figures_write(page);
    section_begin(page, "environment", "Environment");
    TRY(facts_write(page, &report->environment));
    put(page, "<h3>Parameters</h3>\n");
    TRY(facts_write(page, &report->parameters));
    section_end(page);
    files_write(page);
    put(page, "</main>\n");
    return OK;
}

enum status report_page(const struct report *report, FILE *file)
{
    const struct page page = {.report = report, .file = file};
    head_write(&page);
    header_write(&page);
    navigation_write(&page);
    TRY(main_write(&page));
    put(&page, "<footer><p>Made by settle ");
    text_write(&page, report->version);
    put(&page, " from the files listed above. The page holds everything it shows and loads "
               "nothing.</p></footer>\n<script>");
    put(&page, report_asset_script);
    put(&page, "</script>\n</body>\n</html>\n");
    return OK;
}
