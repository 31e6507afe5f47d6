/* settle explore: an interactive phase portrait, in the browser of this machine.
 *
 * Steps: try the options, make a secret, serve until a signal comes.  The page has no mathematics of
 * its own: whatever it shows was computed here, by the code of `settle portrait`, `settle run` and
 * `settle basin`. */
#include "cli/command.h"

#include "cli/explore_offline.h"
#include "cli/explore_server.h"
#include "cli/interrupt.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

enum { SECRET_BYTES = EXPLORE_TOKEN_LENGTH / 2, URL_LENGTH = 96 };

extern char **environ;

/* ---- the secret ---- */

static enum status token_make(char token[EXPLORE_TOKEN_LENGTH + 1])
{
    static const char path[] = "/dev/urandom", digits[] = "0123456789abcdef";
    unsigned char secret[SECRET_BYTES];
    FILE *file = fopen(path, "rb");
    if (!file)
        return status_fail(CANNOT_READ, "%s: %s", path, strerror(errno));
    const size_t got = fread(secret, 1, sizeof secret, file);
    fclose(file);
    if (got != sizeof secret)
        return status_fail(CANNOT_READ, "%s: no random bytes", path);
    for (size_t k = 0; k < SECRET_BYTES; k++) {
        token[2 * k] = digits[secret[k] >> 4];      /* upper half of the byte */
        token[2 * k + 1] = digits[secret[k] & 0xF]; /* lower half */
    }
    token[EXPLORE_TOKEN_LENGTH] = '\0';
    return OK;
}

/* ---- the browser ---- */

/* It is not waited for; if there is none, the address has been printed. */
static void browser_open(char *url)
{
    char program[] = "xdg-open";
    char *argv[] = {program, url, NULL};
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t child;
    if (posix_spawnattr_init(&attributes) != 0)
        return;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    if (posix_spawnp(&child, program, NULL, &attributes, argv, environ) != 0)
        fputs("settle explore: no xdg-open; open the address in a browser\n", stderr);
    posix_spawnattr_destroy(&attributes);
}

/* ---- until a signal comes ---- */

static void signals_block(sigset_t *ends)
{
    sigset_t all;
    sigemptyset(ends);
    sigaddset(ends, SIGINT);
    sigaddset(ends, SIGTERM);
    all = *ends;
    sigaddset(&all, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
}

/* A second signal ends the program at once. */
static void signal_await(const sigset_t *ends)
{
    int caught;
    while (sigwait(ends, &caught) != 0)
        ;
    interrupt_ask();
    pthread_sigmask(SIG_UNBLOCK, ends, NULL);
}

static enum status address_print(const struct options *options,
                                 const struct explore_service *service)
{
    char url[URL_LENGTH];
    snprintf(url, sizeof url, "http://127.0.0.1:%u/%s/", (unsigned)service->port, service->token);
    if (printf("%s\n", url) < 0 || fflush(stdout) != 0)
        return status_fail(CANNOT_WRITE, "standard output: %s", strerror(errno));
    if (options_given(options, OPTION_open))
        browser_open(url);
    return OK;
}

/* Signals are blocked before there are threads, so that none but this one takes them. */
static enum status serve(const struct options *options, struct explore_service *service)
{
    struct explore_server *server;
    sigset_t ends;
    signals_block(&ends);
    TRY(explore_server_start(service, &server));
    const enum status status = address_print(options, service);
    if (status == OK)
        signal_await(&ends);
    interrupt_ask();
    explore_server_stop(server);
    return status;
}

/* ---- the command ---- */

/* Can the problem be stated as it was typed? */
static enum status options_try(const struct options *options)
{
    struct explore_query query = {.count = 0};
    struct explore_stated stated;
    TRY(explore_query_read("", "", &query));
    TRY(explore_stated_make(options, &query, &stated));
    explore_stated_free(&stated);
    return OK;
}

static enum status explore_run(const struct options *options, enum exit_code *exit_code)
{
    struct explore_page page = {.text = NULL};
    struct explore_service service = {.start = options,
                                      .page = &page,
                                      .port = (uint16_t)options->port,
                                      .quiet = options_given(options, OPTION_quiet)};
    *exit_code = EXIT_HOLDS;
    TRY(options_try(options));
    if (options_given(options, OPTION_offline))
        return explore_offline_write(options, options->text[OPTION_offline]);
    TRY(token_make(service.token));
    TRY(explore_page_make(&page));
    service.maps = explore_basin_maps();
    struct options quiet =
        *options; /* notes on the system have been shown; its lists stay theirs */
    quiet.text[OPTION_quiet] = "";
    service.start = &quiet;
    const enum status status =
        service.maps ? serve(options, &service) : status_fail(NO_MEMORY, "no memory for maps");
    explore_basin_free(service.maps);
    explore_page_free(&page);
    return status;
}

const struct command command_explore = {
    .name = "explore",
    .title = "an interactive phase portrait in the browser: click, drag, look",
    .arguments = "SYSTEM|FILE.ode",
    .help =
        "Serves one page to the browsers of this machine, under an address with a secret, which "
        "is\n"
        "printed: a phase portrait in which a click starts a trajectory, forwards and backwards,\n"
        "parameters are dragged, the predicted limit is there before the trajectory is, and the "
        "map\n"
        "of basins lies underneath.  All numbers are computed by this program; the page shows the\n"
        "command that repeats what is seen.  Ctrl-C ends it.\n"
        "\n"
        "Listens on 127.0.0.1 only; whoever has the address can ask for computations of at most\n"
        "some seconds, and for nothing else.  --offline writes a file that shows a part of the "
        "same\n"
        "without a program behind it.\n"
        "\n"
        "example: the network A[1,1,1]\n"
        "  settle explore chain --c 1 --open\n"
        "example: a plane of a chain with a tanh\n"
        "  settle explore chain --activation tanh --depth 2 --port 8080\n",
    .options =
        "activation alpha atol beta biases c channel-activation data depth downsample "
        "gaussian grid horizon init inputs labels lambda method mirror mu no-derivative "
        "offline offline-values open par plane port principal q quiet rates rtol rule samples "
        "sigma-ii sigma-ti sizes targets teacher weights window",
    .least = 1,
    .most = 1,
    .run = explore_run,
};
