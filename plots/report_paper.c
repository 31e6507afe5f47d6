/* A report as LaTeX: a document of its own that can be a paper's supplement.
 *
 * It needs amsmath, longtable, graphicx and textcomp, all of every distribution, and pdflatex or any
 * engine after it; figures are the PDF files beside it.  Every text passes plots/markup.h, so that no
 * file's contents can be a command. */
#include "plots/report.h"

#include "plots/formula.h"
#include "plots/markup.h"

#include <string.h>

struct paper {
    const struct report *report;
    FILE *file;
};

static void put(const struct paper *paper, const char *markup)
{
    fputs(markup, paper->file);
}

/* \command{text} and a line's end. */
static void command_write(const struct paper *paper, const char *command, const char *text)
{
    fprintf(paper->file, "\\%s{", command);
    markup_latex(paper->file, text);
    put(paper, "}\n");
}

static void code_write(const struct paper *paper, const char *text)
{
    put(paper, "\\texttt{");
    markup_latex_code(paper->file, text);
    put(paper, "}");
}

static void head_write(const struct paper *paper)
{
    put(paper, "% Made by settle report --latex.  Compile it in its folder: pdflatex report.tex\n"
               "\\documentclass[10pt]{article}\n"
               "\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}\n"
               "\\usepackage[T1]{fontenc}\n\\usepackage[utf8]{inputenc}\n"
               "\\usepackage{amsmath,textcomp,longtable,graphicx}\n"
               "\\usepackage[margin=2.2cm]{geometry}\n"
               "\\setlength{\\emergencystretch}{4em}\n\\setlength{\\parindent}{0pt}\n"
               "\\setlength{\\parskip}{0.4em}\n");
    command_write(paper, "title", paper->report->title);
    put(paper, "\\author{settle ");
    markup_latex(paper->file, paper->report->version);
    put(paper, "}\n");
    command_write(paper, "date", paper->report->lead);
    put(paper, "\\begin{document}\n\\maketitle\n");
}

static enum status fact_write(const struct paper *paper, const struct report_fact *fact)
{
    put(paper, "\\item[");
    markup_latex(paper->file, fact->term);
    put(paper, "] ");
    if (fact->form == REPORT_FORMULA)
        TRY(formula_latex(paper->file, fact->text));
    else if (fact->form == REPORT_PLAIN)
        markup_latex(paper->file, fact->text);
    else
        code_write(paper, fact->text);
    put(paper, "\n");
    return OK;
}

static enum status facts_write(const struct paper *paper, const struct report_facts *facts)
{
    if (facts->count == 0)
        return OK;
    put(paper, "\\begin{description}\\raggedright\\setlength{\\itemsep}{0pt}\n");
    for (size_t k = 0; k < facts->count; k++)
        TRY(fact_write(paper, &facts->fact[k]));
    put(paper, "\\end{description}\n");
    return OK;
}

static void warnings_write(const struct paper *paper)
{
    if (paper->report->warnings == 0)
        return;
    put(paper, "\\section*{Warnings}\n\\begin{itemize}\n");
    for (size_t k = 0; k < paper->report->warnings; k++) {
        put(paper, "\\item ");
        markup_latex(paper->file, paper->report->warning[k]);
        put(paper, "\n");
    }
    put(paper, "\\end{itemize}\n");
}

/* ---- claims ---- */

static void row_write(const struct paper *paper, const struct report_claim *claim)
{
    const char *const cell[] = {claim->verdict, claim->by,    claim->trials,
                                claim->worst,   claim->bound, claim->measure};
    put(paper, "\\raggedright ");
    markup_latex_code(paper->file, claim->id);
    for (size_t k = 0; k < sizeof cell / sizeof *cell; k++) {
        put(paper, " & ");
        markup_latex(paper->file, cell[k]);
    }
    put(paper, claim->as_recorded ? " \\\\\n" : " (differs from the record) \\\\\n");
}

static void index_write(const struct paper *paper)
{
    put(paper, "{\\small\n\\begin{longtable}{p{5.2cm}llrrrr}\n"
               "claim & verdict & by & trials & worst & allowed & fails on $<$ \\\\\n\\hline\n"
               "\\endhead\n");
    for (size_t k = 0; k < paper->report->claims; k++)
        row_write(paper, &paper->report->claim[k]);
    put(paper, "\\end{longtable}\n}\n");
}

static enum status claim_write(const struct paper *paper, const struct report_claim *claim)
{
    put(paper, "\n\\subsubsection*{");
    code_write(paper, claim->id);
    put(paper, ": ");
    markup_latex(paper->file, claim->verdict);
    put(paper, "}\n");
    TRY(formula_latex(paper->file, claim->statement));
    put(paper, "\n");
    return facts_write(paper, &claim->facts);
}

static enum status claims_write(const struct paper *paper)
{
    const struct report *report = paper->report;
    const char *chapter = "";
    if (report->claims == 0)
        return OK;
    put(paper, "\\section*{Claims}\n");
    index_write(paper);
    for (size_t k = 0; k < report->claims; k++) {
        if (strcmp(report->claim[k].chapter, chapter) != 0)
            command_write(paper, "subsection*", report->claim[k].chapter);
        chapter = report->claim[k].chapter;
        TRY(claim_write(paper, &report->claim[k]));
    }
    return OK;
}

/* ---- tables, figures, files ---- */

static enum status table_row_write(const struct paper *paper, const struct report_table *table,
                                   size_t row)
{
    for (size_t k = 0; k < table->columns; k++) {
        put(paper, k ? " & " : "\\raggedright ");
        TRY(formula_latex(paper->file, table->cell[row * table->columns + k]));
    }
    put(paper, row ? " \\\\\n" : " \\\\\n\\hline\n\\endhead\n");
    return OK;
}

static enum status table_write(const struct paper *paper, const struct report_table *table)
{
    put(paper, "\\paragraph{");
    TRY(formula_latex(paper->file, table->title));
    put(paper, "}");
    if (table->note)
        TRY(formula_latex(paper->file, table->note));
    fprintf(
        paper->file,
        "\n{\\small\\setlength{\\tabcolsep}{3pt}\n\\begin{longtable}{*{%zu}{p{%.3f\\linewidth}}}\n",
        table->columns, 0.9 / (double)table->columns);
    for (size_t row = 0; row <= table->rows; row++)
        TRY(table_row_write(paper, table, row));
    put(paper, "\\end{longtable}\n}\n");
    return OK;
}

static enum status tables_write(const struct paper *paper)
{
    if (paper->report->tables > 0)
        put(paper, "\\section*{Tables}\n");
    for (size_t k = 0; k < paper->report->tables; k++)
        TRY(table_write(paper, &paper->report->table[k]));
    return OK;
}

/* A name that LaTeX's file commands take as it is. */
static bool is_plain_name(const char *name)
{
    return name &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               strlen(name);
}

static void figures_write(const struct paper *paper)
{
    bool first = true;
    for (size_t k = 0; k < paper->report->figures; k++) {
        const struct report_figure *figure = &paper->report->figure[k];
        if (!is_plain_name(figure->pdf))
            continue;
        put(paper, first ? "\\section*{Figures}\n" : "");
        first = false;
        fprintf(paper->file,
                "\\begin{center}\n\\includegraphics[width=\\linewidth,height=0.85\\textheight,"
                "keepaspectratio]{%s}\n\n",
                figure->pdf);
        markup_latex(paper->file, figure->title);
        put(paper, "\n\\end{center}\n");
    }
}

static void files_write(const struct paper *paper)
{
    put(paper, "\\section*{Files}\n{\\footnotesize\n\\begin{longtable}{p{4.5cm}rp{8.6cm}l}\n"
               "file & bytes & SHA-256 & manifest \\\\\n\\hline\n\\endhead\n");
    for (size_t k = 0; k < paper->report->files; k++) {
        const struct report_file *file = &paper->report->file[k];
        put(paper, "\\raggedright ");
        markup_latex_code(paper->file, file->name);
        fprintf(paper->file, " & %llu & ", file->bytes);
        const size_t half = strlen(file->digest) / 2;
        put(paper, "\\texttt{");
        markup_latex_part(paper->file, file->digest, half);
        put(paper, "\\allowbreak{}");
        markup_latex(paper->file, file->digest + half);
        put(paper, file->as_recorded ? "} & same \\\\\n" : "} & differs \\\\\n");
    }
    put(paper, "\\end{longtable}\n}\n");
}

enum status report_paper(const struct report *report, FILE *file)
{
    const struct paper paper = {.report = report, .file = file};
    head_write(&paper);
    warnings_write(&paper);
    put(&paper, "\\section*{Summary}\n");
    TRY(facts_write(&paper, &report->summary));
    TRY(claims_write(&paper));
    TRY(tables_write(&paper));
    figures_write(&paper);
    put(&paper, "\\section*{Environment}\n");
    TRY(facts_write(&paper, &report->environment));
    put(&paper, "\\subsection*{Parameters}\n");
    TRY(facts_write(&paper, &report->parameters));
    files_write(&paper);
    put(&paper, "\\end{document}\n");
    return OK;
}
