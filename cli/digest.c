/* SHA-256 (FIPS 180-4) of a file, by Nettle.
 *
 * The file is read in blocks, so that a store of any size costs no memory. */
#include "cli/digest.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 65536 };

static void digest_text(const uint8_t *digest, char *hex)
{
    static const char digit[] = "0123456789abcdef";
    for (size_t k = 0; k < SHA256_DIGEST_SIZE; k++) {
        hex[2 * k] = digit[digest[k] >> 4];      /* upper half of the byte */
        hex[2 * k + 1] = digit[digest[k] & 0xF]; /* lower half */
    }
    hex[DIGEST_TEXT - 1] = '\0';
}

void digest_bytes(const char *bytes, size_t length, char hex[DIGEST_TEXT])
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, length, (const uint8_t *)bytes);
    sha256_digest(&context, sizeof digest, digest);
    digest_text(digest, hex);
}

enum status digest_file(const char *path, char hex[DIGEST_TEXT])
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return status_fail(CANNOT_READ, "%s: %s", path, strerror(errno));
    struct sha256_ctx context;
    uint8_t block[BLOCK], digest[SHA256_DIGEST_SIZE];
    size_t length;
    sha256_init(&context);
    while ((length = fread(block, 1, sizeof block, file)) > 0)
        sha256_update(&context, length, block);
    int error = ferror(file) ? errno : 0;
    fclose(file);
    if (error)
        return status_fail(CANNOT_READ, "%s: %s", path, strerror(error));
    sha256_digest(&context, sizeof digest, digest);
    digest_text(digest, hex);
    return OK;
}
