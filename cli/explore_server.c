/* The server of the explorer, on libmicrohttpd.
 *
 * One thread of the library polls all connections.  A good request is suspended, handed to the pool,
 * and resumed with its answer.  The request line is kept as it came, before the library takes it
 * apart, and is read by explore_query.c alone.
 *
 * Rejected: a thread for each connection (a browser keeps six open, and each thread would make a team
 * of threads of its own for maps). */
#include "cli/explore_server.h"

#include "cli/explore_pool.h"
#include "cli/json.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    THREADS = 4,            /* that compute; some answers may take seconds */
    QUEUE_MOST = 256,       /* answers that wait */
    CONNECTIONS_MOST = 256, /* further ones wait to be accepted */
    IDLE_SECONDS = 20,      /* then a connection is closed */
    MEMORY_MOST = 32768,    /* bytes of a request's head */
    PATH_MOST = 64,         /* bytes of a path, which is a token and a word */
    SHOWN = 80,             /* bytes of a request in the log */
    HOST_LENGTH = 32
};

static const size_t JSON_FLAGS = JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17);

struct explore_server {
    struct explore_service *service;
    struct MHD_Daemon *daemon;
    struct explore_pool *pool;
    char host[2][HOST_LENGTH]; /* what Host may be */
};

/* One request, from its first line until its answer is sent. */
struct request {
    struct explore_server *server;
    struct MHD_Connection *connection;
    int socket;
    char *line;        /* path and query as they came; NULL: out of memory */
    const char *query; /* into `line`, behind the question mark; NULL: it has not the token */
    bool is_read;      /* the head was looked at, and is good */
    const struct explore_kind *kind; /* NULL: the page */
    unsigned code;                   /* of the answer; 0: not known */
    char *body;                      /* of the answer, JSON; NULL: none */
};

/* ---- the log ---- */

/* The word and the query are shown as far as they are printable; never the token. */
static void log_line(const struct request *request, unsigned code, const char *why)
{
    char shown[SHOWN + 1] = "";
    if (request->server->service->quiet)
        return;
    const char *at =
        request->line && request->query ? request->line + EXPLORE_TOKEN_LENGTH + 1 : "";
    for (size_t k = 0; k < SHOWN && at[k]; k++)
        shown[k] = (char)(isprint((unsigned char)at[k]) ? at[k] : '?');
    fprintf(stderr, "settle explore: %u: %s%s%s%s\n", code, why, *shown ? " [" : "", shown,
            *shown ? "]" : "");
}

/* ---- answers ---- */

static void headers_add(struct MHD_Response *response, const struct request *request,
                        const char *type)
{
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(response, "Content-Security-Policy",
                            request->server->service->page->policy);
    if (request->code == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
}

static enum MHD_Result response_send(struct request *request, struct MHD_Response *response,
                                     const char *type)
{
    if (!response)
        return MHD_NO;
    headers_add(response, request, type);
    const enum MHD_Result result = MHD_queue_response(request->connection, request->code, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result page_send(struct request *request)
{
    const struct explore_page *page = request->server->service->page;
    request->code = MHD_HTTP_OK;
    return response_send(
        request, MHD_create_response_from_buffer(page->length, page->text, MHD_RESPMEM_PERSISTENT),
        "text/html; charset=utf-8");
}

static enum MHD_Result body_send(struct request *request)
{
    static char nothing[] = "";
    char *body = request->body;
    request->body = NULL; /* the response has it now */
    return response_send(
        request,
        body ? MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_FREE)
             : MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT),
        "application/json");
}

static void refuse(struct request *request, unsigned code, const char *why)
{
    json_t *object = json_pack("{so}", "error", json_text(why));
    log_line(request, code, why);
    request->code = code;
    request->body = object ? json_dumps(object, JSON_FLAGS) : NULL;
    json_decref(object);
}

/* What the user can mend on the command line is the request's fault. */
static unsigned code_of(enum status status)
{
    if (command_exit(status) == EXIT_USAGE)
        return MHD_HTTP_BAD_REQUEST;
    return MHD_HTTP_INTERNAL_SERVER_ERROR;
}

/* ---- the pool ---- */

/* Has the other side hung up?  A browser does when the page has no more use for an answer. */
static bool is_abandoned(void *waiter)
{
    const struct request *request = waiter;
    char byte;
    return recv(request->socket, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void answer_make(struct request *request)
{
    const struct explore_service *service = request->server->service;
    const struct explore_asked asked = {.start = service->start,
                                        .query = request->query,
                                        .maps = service->maps,
                                        .is_abandoned = is_abandoned,
                                        .waiter = request};
    json_t *answer = NULL;
    const enum status status = explore_answer(request->kind, &asked, &answer);
    if (status != OK) {
        refuse(request, code_of(status),
               *status_message() ? status_message() : status_sentence(status));
        return;
    }
    request->body = json_dumps(answer, JSON_FLAGS);
    request->code = request->body ? MHD_HTTP_OK : MHD_HTTP_INTERNAL_SERVER_ERROR;
    json_decref(answer);
}

static void request_work(void *job)
{
    struct request *request = job;
    answer_make(request);
    MHD_resume_connection(request->connection);
}

static void request_suspend(struct request *request)
{
    request->socket =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    MHD_suspend_connection(request->connection);
    if (explore_pool_add(request->server->pool, request_work, request))
        return;
    refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE, "too many requests at once");
    MHD_resume_connection(request->connection);
}

/* ---- the head of a request ---- */

static bool is_own_host(const struct request *request)
{
    const char *host =
        MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    for (size_t k = 0; host && k < 2; k++)
        if (strcmp(host, request->server->host[k]) == 0)
            return true;
    return false;
}

/* Does the path begin with the token?  In a time that does not tell how much of it is right. */
static bool has_token(const struct request *request)
{
    const char *token = request->server->service->token, *path = request->line;
    unsigned difference = 0;
    if (path[0] != '/' || strlen(path) < EXPLORE_TOKEN_LENGTH + 2)
        return false;
    for (size_t k = 0; k < EXPLORE_TOKEN_LENGTH; k++)
        difference |= (unsigned)(path[1 + k] ^ token[k]);
    return difference == 0 && path[1 + EXPLORE_TOKEN_LENGTH] == '/';
}

static bool has_body(const struct request *request)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
                                       MHD_HTTP_HEADER_TRANSFER_ENCODING) ||
           MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
                                       MHD_HTTP_HEADER_CONTENT_LENGTH);
}

/* The word behind the token, "" for the page. */
static bool word_find(struct request *request)
{
    const char *word = request->line + 1 + EXPLORE_TOKEN_LENGTH + 1;
    const size_t length = strcspn(word, "?");
    char name[PATH_MOST];
    request->query = word[length] == '?' ? word + length + 1 : "";
    if (length == 0)
        return true;
    if (length >= sizeof name)
        return false;
    memcpy(name, word, length);
    name[length] = '\0';
    request->kind = explore_answer_named(name);
    return request->kind != NULL;
}

/* Refuses, or leaves code = 0. */
static void head_check(struct request *request, const char *method)
{
    if (!request->line)
        refuse(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of memory");
    else if (!is_own_host(request))
        refuse(request, MHD_HTTP_BAD_REQUEST, "the Host is not this server");
    else if (!has_token(request) || !word_find(request))
        refuse(request, MHD_HTTP_NOT_FOUND, "not found");
    else if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        refuse(request, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD");
    else if (has_body(request))
        refuse(request, MHD_HTTP_BAD_REQUEST, "a request has no body");
    else if (!request->kind && *request->query)
        refuse(request, MHD_HTTP_BAD_REQUEST, "the page has no query");
}

/* Called with the head, again without it, and again when the answer is there. */
/* The library says what it is called with.  NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **request_of)
{
    struct request *request = *request_of;
    (void)context, (void)url, (void)version, (void)upload, (void)upload_size;
    if (!request)
        return MHD_NO;
    request->connection = connection;
    if (request->code)
        return body_send(request);
    if (!request->is_read) {
        request->is_read = true;
        head_check(request, method);
        return request->code ? body_send(request) : MHD_YES;
    }
    if (!request->kind)
        return page_send(request);
    request_suspend(request);
    return MHD_YES;
}

/* The library calls it with the path and the query as they came. */
static void *on_line(void *context, const char *line, struct MHD_Connection *connection)
{
    struct request *request = calloc(1, sizeof *request);
    (void)connection;
    if (!request)
        return NULL;
    request->server = context;
    request->line = strdup(line);
    return request;
}

static void on_end(void *context, struct MHD_Connection *connection, void **request_of,
                   enum MHD_RequestTerminationCode why)
{
    struct request *request = *request_of;
    (void)context, (void)connection, (void)why;
    if (!request)
        return;
    free(request->line);
    free(request->body);
    free(request);
    *request_of = NULL;
}

/* ---- the daemon ---- */

/* What the library has to say of connections is of no use to the user. */
static void on_message(void *context, const char *format, va_list arguments)
{
    (void)context, (void)format, (void)arguments;
}

static enum status daemon_start(struct explore_server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(server->service->port),
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    errno = 0;
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO | MHD_ALLOW_SUSPEND_RESUME |
            MHD_USE_ERROR_LOG,
        0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_message, NULL,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK, on_line,
        server, MHD_OPTION_NOTIFY_COMPLETED, on_end, server, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MOST, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_MOST, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
    if (server->daemon)
        return OK;
    return status_fail(BAD_ARGUMENT, "port %u of 127.0.0.1: %s", (unsigned)server->service->port,
                       errno ? strerror(errno) : "no server can listen there");
}

static enum status server_open(struct explore_server *server)
{
    static const char *const names[] = {"127.0.0.1", "localhost"};
    TRY(explore_pool_create(THREADS, QUEUE_MOST, &server->pool));
    TRY(daemon_start(server));
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    if (!info)
        return status_fail(SOLVER_FAILED, "the server has no port");
    server->service->port = info->port;
    for (size_t k = 0; k < 2; k++)
        snprintf(server->host[k], HOST_LENGTH, "%s:%u", names[k], (unsigned)info->port);
    return OK;
}

enum status explore_server_start(struct explore_service *service, struct explore_server **server)
{
    struct explore_server *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for a server");
    made->service = service;
    json_object_seed(0); /* before there are threads */
    const enum status status = server_open(made);
    if (status == OK)
        *server = made;
    else
        explore_server_stop(made);
    return status;
}

/* The library must not stop while a connection is suspended, nor the pool go before the library. */
void explore_server_stop(struct explore_server *server)
{
    if (!server)
        return;
    explore_pool_end(server->pool);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    explore_pool_free(server->pool);
    free(server);
}
