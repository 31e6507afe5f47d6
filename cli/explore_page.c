/* The page of the explorer.
 *
 * The template is plots/explore.html, with a mark {{name}} where a part goes.  Hashes rather than a
 * nonce: the page is the same for everybody, so it is made once. */
#include "cli/explore_page.h"

#include "plots/explore_asset.h"

#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_LENGTH = BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1 };

static void hash_text(const char *text, char hash[HASH_LENGTH])
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, strlen(text), (const uint8_t *)text);
    sha256_digest(&context, sizeof digest, digest);
    base64_encode_raw(hash, sizeof digest, digest);
    hash[HASH_LENGTH - 1] = '\0';
}

/* connect: what the script may speak with. */
static void policy_write(const char *connect, const char *further, struct explore_page *page)
{
    char style[HASH_LENGTH], script[HASH_LENGTH];
    hash_text(explore_asset_style, style);
    hash_text(explore_asset_script, script);
    snprintf(page->policy, sizeof page->policy,
             "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; img-src data: "
             "blob:; connect-src %s; base-uri 'none'; form-action 'none'%s",
             style, script, connect, further);
}

struct part {
    const char *mark, *text;
};

enum { PARTS = 4 };

/* The template with every part in the place of its mark, each mark once. */
static enum status parts_write(const struct part part[PARTS], FILE *file)
{
    const char *at = explore_asset_page;
    size_t found[PARTS] = {0};
    for (const char *mark = strstr(at, "{{"); mark; mark = strstr(at, "{{")) {
        size_t k = 0;
        while (k < PARTS && strncmp(mark, part[k].mark, strlen(part[k].mark)) != 0)
            k++;
        if (k == PARTS)
            return status_fail(BAD_DATA, "the page has an unknown mark, %.16s", mark);
        fwrite(at, 1, (size_t)(mark - at), file);
        fputs(part[k].text, file);
        found[k]++;
        at = mark + strlen(part[k].mark);
    }
    fputs(at, file);
    for (size_t k = 0; k < PARTS; k++)
        if (found[k] != 1)
            return status_fail(BAD_DATA, "the page has %s %zu times", part[k].mark, found[k]);
    return OK;
}

static enum status page_write(const char *policy, const char *data, struct explore_page *page)
{
    const struct part part[PARTS] = {{"{{policy}}", policy},
                                     {"{{style}}", explore_asset_style},
                                     {"{{data}}", data},
                                     {"{{script}}", explore_asset_script}};
    FILE *file = open_memstream(&page->text, &page->length);
    if (!file)
        return status_fail(NO_MEMORY, "no memory for the page");
    const enum status status = parts_write(part, file);
    const int failed = ferror(file);
    if (fclose(file) == 0 && !failed)
        return status;
    return status_fail(NO_MEMORY, "no memory for the page");
}

static enum status page_make(const char *policy, const char *data, struct explore_page *page)
{
    page->text = NULL;
    const enum status status = page_write(policy, data, page);
    if (status != OK)
        explore_page_free(page);
    return status;
}

enum status explore_page_make(struct explore_page *page)
{
    policy_write("'self'", "; frame-ancestors 'none'", page);
    return page_make("", "null", page);
}

/* A file has no headers; frame-ancestors is not for <meta>. */
enum status explore_page_make_offline(const char *data, struct explore_page *page)
{
    char meta[EXPLORE_POLICY_LENGTH + 128];
    policy_write("'none'", "", page);
    snprintf(meta, sizeof meta, "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">",
             page->policy);
    return page_make(meta, data, page);
}

void explore_page_free(struct explore_page *page)
{
    free(page->text);
    page->text = NULL;
}
