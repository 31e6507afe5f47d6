/* manifest.json: how the files of a directory were made.
 *
 *   {"command":[...],"started":"2030-01-31T12:00:00Z","seconds":...,"parameters":{...},
 *    "versions":{...},"compiler":"...","flags":"...","cpu":"...","outputs":{"FILE":"sha256",...}}
 *
 * Memory: manifest_create() .. manifest_save() or manifest_free(), both of which free it.
 * Errors: CANNOT_WRITE, NO_MEMORY; those on the way are remembered and reported by manifest_save().
 */
#ifndef CLI_MANIFEST_H
#define CLI_MANIFEST_H

#include "cli/problem_from_options.h"

#include <jansson.h>

struct manifest; /* opaque */

/* Makes the directory if needed, proves that it can be written and keeps other processes out of it until
 * the manifest is saved or freed, base/folder.h: BAD_ARGUMENT if it cannot be written, or one is at work in it. */
enum status manifest_create(const struct options *options, const char *directory,
                            struct manifest **manifest) MUST_CHECK;

/* The same among others of its kind, all of which write files of their own. */
enum status manifest_create_shared(const struct options *options, const char *directory,
                                   struct manifest **manifest) MUST_CHECK;

/* Removes the outputs that an older manifest of the directory lists, that manifest, and reports. */
void manifest_clear(const struct manifest *manifest);

const char *manifest_directory(const struct manifest *manifest);

/* Notes that a figure could not be drawn; true if it is the first, of which the user is told. */
bool manifest_undrawn(struct manifest *manifest);

/* One parameter of the computation; takes over the reference. */
void manifest_parameter(struct manifest *manifest, const char *name, json_t *value);

/* All parameters so far; borrowed. */
json_t *manifest_parameters(const struct manifest *manifest);

/* The parameters of the integrator. */
void manifest_plan(struct manifest *manifest, const struct plan *plan);

/* System, rule, coefficients, moments and start. */
void manifest_problem(struct manifest *manifest, const struct problem_given *given);

/* The same with the numbers of the command line as they were typed, where each of them counts: doubles
 * may be others.  Lists out of files and drawn ones are told as doubles. */
void manifest_problem_as_typed(struct manifest *manifest, const struct problem_given *given);

/* A file of the directory that this command has written; one that does not exist is left out. */
void manifest_output(struct manifest *manifest, const char *name);

/* Removes the outputs so far: of a command that does not end. */
void manifest_withdraw(const struct manifest *manifest);

/* The names of the outputs so far, in their order: a new array. */
json_t *manifest_files(const struct manifest *manifest);

/* Writes it, and removes a report of what was there before. */
enum status manifest_save(struct manifest *manifest) MUST_CHECK;
void manifest_free(struct manifest *manifest); /* NULL is allowed */

#endif
