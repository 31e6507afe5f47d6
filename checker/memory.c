/* A doubly linked list of blocks.  Static, as GMP's functions for memory take no context. */
#include "checker/memory.h"

#include "checker/reject.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    alignas(max_align_t) struct block *previous;
    struct block *next;
    size_t size;
};

/* Bytes; a certificate of 64 MB, the longest, takes less.  Between the two GMP is given what it
 * wants for the operation at work. */
static const size_t memory_most = (size_t)1 << 30;
static const size_t memory_last = (size_t)1 << 31;
static const char too_much[] = "the check takes too much memory";
static const int exit_trouble = 2;

static struct {
    struct block *first;
    size_t used;
} list;

static void link_in(struct block *block, size_t size)
{
    block->size = sizeof *block + size;
    block->previous = NULL;
    block->next = list.first;
    if (list.first)
        list.first->previous = block;
    list.first = block;
    list.used += block->size;
}

static void unlink_from(struct block *block)
{
    if (block->previous)
        block->previous->next = block->next;
    else
        list.first = block->next;
    if (block->next)
        block->next->previous = block->previous;
    list.used -= block->size;
}

static _Noreturn void give_up(void)
{
    fputs("settle-check: out of memory\n", stderr);
    exit(exit_trouble);
}

static bool fits(size_t size, size_t most)
{
    return size <= most && list.used <= most - size;
}

/* Not reject(): it is GMP that asks. */
static void must_fit(size_t size)
{
    if (!fits(size, memory_last))
        give_up();
    if (!fits(size, memory_most))
        reject_later(too_much);
}

static void *allocate(size_t size)
{
    must_fit(size + sizeof(struct block));
    struct block *block = malloc(sizeof *block + size);
    if (!block)
        give_up();
    link_in(block, size);
    return block + 1;
}

void memory_free(void *memory)
{
    if (!memory)
        return;
    struct block *block = (struct block *)memory - 1;
    unlink_from(block);
    free(block);
}

static void *gmp_reallocate(void *memory, size_t old, size_t size)
{
    (void)old;
    struct block *block = (struct block *)memory - 1;
    must_fit(size);
    unlink_from(block);
    struct block *larger = realloc(block, sizeof *block + size);
    if (!larger)
        give_up();
    link_in(larger, size);
    return larger + 1;
}

static void gmp_free(void *memory, size_t size)
{
    (void)size;
    memory_free(memory);
}

void memory_take_over(void)
{
    mp_set_memory_functions(allocate, gmp_reallocate, gmp_free);
}

void *memory_new(size_t count, size_t size)
{
    bool is_small = !size || count <= memory_most / size;
    reject_unless(is_small && fits(count * size + sizeof(struct block), memory_most), too_much);
    void *memory = allocate(count * size);
    return memset(memory, 0, count * size);
}

mpq_t *memory_numbers(size_t count)
{
    mpq_t *numbers = memory_new(count, sizeof *numbers);
    for (size_t i = 0; i < count; i++)
        mpq_init(numbers[i]);
    return numbers;
}

mpz_t *memory_integers(size_t count)
{
    mpz_t *integers = memory_new(count, sizeof *integers);
    for (size_t i = 0; i < count; i++)
        mpz_init(integers[i]);
    return integers;
}

void memory_free_numbers(size_t count, mpq_t *numbers)
{
    for (size_t i = 0; i < count; i++)
        mpq_clear(numbers[i]);
    memory_free(numbers);
}

void memory_release(void)
{
    for (struct block *block = list.first, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    list.first = NULL;
    list.used = 0;
}
