/* The server of the explorer: HTTP on 127.0.0.1, for the browser of this machine's user.
 *
 * A request is answered if its Host is 127.0.0.1:PORT or localhost:PORT (a page of another site that
 * had its own name point here would send that name), its path begins with the secret token, its
 * method is GET or HEAD, and its query is good; else 400, 404, 405, 414 or 431, and a line in the log.
 * Nothing in a request ever names a file.  One thread speaks with all connections, so that a slow one
 * holds up nobody; a small pool computes the answers; what waits beyond its queue is answered 503.
 *
 * Memory: explore_server_stop() frees all.  Errors: BAD_ARGUMENT, a port that is in use or not ours;
 * SOLVER_FAILED, no server; NO_MEMORY. */
#ifndef CLI_EXPLORE_SERVER_H
#define CLI_EXPLORE_SERVER_H

#include "cli/explore_answer.h"
#include "cli/explore_page.h"

#include <stdint.h>

enum { EXPLORE_TOKEN_LENGTH = 32 };

struct explore_service {
    const struct options *start;
    const struct explore_page *page;
    struct explore_maps *maps;
    char token[EXPLORE_TOKEN_LENGTH + 1];
    uint16_t port; /* 0: any that is free */
    bool quiet;    /* no log */
};

struct explore_server; /* opaque */

/* The service must outlive the server, whose port is written to service->port. */
enum status explore_server_start(struct explore_service *service,
                                 struct explore_server **server) MUST_CHECK;

/* Stops what is being computed (interrupt_flag() must be set), and ends. */
void explore_server_stop(struct explore_server *server);

#endif
