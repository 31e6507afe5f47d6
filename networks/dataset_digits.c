/* Digits drawn here, so that training needs no files: a stand-in for MNIST, not a copy of it.
 *
 *     p -> shift + S R(rotation) Shear p + warp(p)        per image, and each point moved a little
 *
 * A style is chosen, its points are moved a little, a Catmull-Rom curve goes through them, and the
 * image of the curve under an affine map and a slow wave is drawn with a round pen: the ink of a
 * pixel is 1/2 + (radius - distance), cut at 0 and 1, nearly the share that the pen covers, (MB4).
 * Noise comes last, and bytes are rounded.
 * Image k of a part draws from the stream (seed, part, k) alone, (MB2): it is the same whatever the
 * number of images and of threads.  Rejected: fonts, whose shapes vary too little. */
#include "networks/dataset_parts.h"

#include "base/idx.h"
#include "base/stream.h"

#include <math.h>
#include <string.h>

static const size_t DEFAULT_COUNT[] = {[DATASET_TRAIN] = 10000, [DATASET_TEST] = 2000};

/* How hands differ; lengths in pixels, or in half the height of a digit where it says so.  Chosen by
 * eye, and so that backpropagation errs in a few of a hundred after ten epochs, (MB3). */
static const double HALF_HEIGHT = 9.6, /* pixels: digits stand 20 high, as in MNIST */
    SIZE_SPREAD = 0.09,                /* of the logarithm, of each axis */
    ROTATION_SPREAD = 0.14,            /* radians */
    SHEAR_SPREAD = 0.18,               /* x per y */
    SHIFT_SPREAD = 1.1,                /* pixels */
    POINT_SPREAD = 0.055,              /* half heights, of each point */
    WARP_SPREAD = 0.05,                /* half heights, of the wave */
    WARP_LEAST = 1.5, WARP_MOST = 4,   /* radians per half height */
    PEN_LEAST = 0.7, PEN_MOST = 1.7,   /* radius in pixels */
    INK_LEAST = 0.8,                   /* of black */
    NOISE_MOST = 0.12;                 /* of black: the amplitude for one image is below */
static const double TWO_PI = 6.283185307179586;
enum { PIECES = 6 }; /* straight pieces between two points: a pixel or two each */

struct hand {
    double map[2][2], shift[2];        /* to pixels */
    double warp[2], wave[2], phase[2]; /* dx = warp[0] sin(wave[0] y + phase[0]), ... */
    double pen, ink, noise;
};

static double deviate(struct stream *stream, double spread)
{
    return spread * stream_normal(stream);
}

static struct hand hand_draw(struct stream *stream)
{
    struct hand hand;
    const double width = HALF_HEIGHT * exp(deviate(stream, SIZE_SPREAD));
    const double height = HALF_HEIGHT * exp(deviate(stream, SIZE_SPREAD));
    const double angle = deviate(stream, ROTATION_SPREAD), shear = deviate(stream, SHEAR_SPREAD);
    const double c = cos(angle), s = sin(angle);
    /* diag(width, height) R(angle) [1 -shear; 0 1] */
    hand.map[0][0] = width * c;
    hand.map[0][1] = width * (-shear * c - s);
    hand.map[1][0] = height * s;
    hand.map[1][1] = height * (-shear * s + c);
    for (size_t i = 0; i < 2; i++) {
        hand.shift[i] = (DATASET_SIDE - 1) / 2. + deviate(stream, SHIFT_SPREAD);
        hand.warp[i] = deviate(stream, WARP_SPREAD);
        hand.wave[i] = stream_between(stream, WARP_LEAST, WARP_MOST);
        hand.phase[i] = stream_between(stream, 0, TWO_PI);
    }
    hand.pen = stream_between(stream, PEN_LEAST, PEN_MOST);
    hand.ink = stream_between(stream, INK_LEAST, 1);
    hand.noise = stream_between(stream, 0, NOISE_MOST);
    return hand;
}

static struct dataset_point placed(const struct hand *hand, struct dataset_point p)
{
    const double x = p.x + hand->warp[0] * sin(hand->wave[0] * p.y + hand->phase[0]);
    const double y = p.y + hand->warp[1] * sin(hand->wave[1] * p.x + hand->phase[1]);
    return (struct dataset_point){.x = hand->shift[0] + hand->map[0][0] * x + hand->map[0][1] * y,
                                  .y = hand->shift[1] + hand->map[1][0] * x + hand->map[1][1] * y};
}

/* ---- ink ---- */

struct paper {
    double ink[DATASET_PIXELS];
};

static double cut(double low, double high, double x)
{
    const double below = x < high ? x : high;
    return below > low ? below : low;
}

static double distance_squared(struct dataset_point p, struct dataset_point a,
                               struct dataset_point b)
{
    const double ux = b.x - a.x, uy = b.y - a.y, vx = p.x - a.x, vy = p.y - a.y;
    const double length = ux * ux + uy * uy;
    const double t = length > 0 ? cut(0, 1, (ux * vx + uy * vy) / length) : 0;
    const double dx = vx - t * ux, dy = vy - t * uy;
    return dx * dx + dy * dy;
}

/* The pixels from `low` to `high`, as far as they are on the paper: first and one behind the last. */
static void pixels_between(double low, double high, size_t range[2])
{
    const double side = DATASET_SIDE;
    range[0] = (size_t)cut(0, side, floor(low));
    range[1] = (size_t)cut(0, side, ceil(high) + 1);
}

static void segment_draw(struct paper *paper, const struct hand *hand, struct dataset_point a,
                         struct dataset_point b)
{
    const double reach = hand->pen + 0.5;
    size_t x[2], y[2];
    pixels_between(fmin(a.x, b.x) - reach, fmax(a.x, b.x) + reach, x);
    pixels_between(fmin(a.y, b.y) - reach, fmax(a.y, b.y) + reach, y);
    for (size_t i = y[0]; i < y[1]; i++)
        for (size_t j = x[0]; j < x[1]; j++) {
            const struct dataset_point pixel = {.x = (double)j, .y = (double)i};
            const double squared = distance_squared(pixel, a, b);
            if (squared >= reach * reach)
                continue;
            const double shade = hand->ink * cut(0, 1, reach - sqrt(squared));
            double *ink = &paper->ink[i * DATASET_SIDE + j];
            *ink = *ink > shade ? *ink : shade;
        }
}

/* Catmull and Rom's cubic from p[1] to p[2]. */
static double between(double t, double p0, double p1, double p2, double p3)
{
    const double b = p2 - p0, c = 2 * p0 - 5 * p1 + 4 * p2 - p3, d = 3 * (p1 - p2) + p3 - p0;
    return p1 + t / 2 * (b + t * (c + t * d));
}

static struct dataset_point curve_at(const struct dataset_stroke *stroke, size_t k, double t)
{
    const struct dataset_point *p = stroke->point;
    const size_t before = k > 0 ? k - 1 : k, after = k + 2 < stroke->count ? k + 2 : k + 1;
    return (struct dataset_point){.x = between(t, p[before].x, p[k].x, p[k + 1].x, p[after].x),
                                  .y = between(t, p[before].y, p[k].y, p[k + 1].y, p[after].y)};
}

static void stroke_draw(struct paper *paper, const struct hand *hand,
                        const struct dataset_stroke *stroke)
{
    struct dataset_point from = placed(hand, stroke->point[0]);
    for (size_t k = 0; k + 1 < stroke->count; k++)
        for (size_t piece = 1; piece <= PIECES; piece++) {
            const struct dataset_point to =
                placed(hand, curve_at(stroke, k, (double)piece / PIECES));
            segment_draw(paper, hand, from, to);
            from = to;
        }
}

/* Points given twice stay together. */
static struct dataset_stroke moved(struct stream *stream, const struct dataset_stroke *stroke)
{
    struct dataset_stroke copy = *stroke;
    for (size_t k = 0; k < stroke->count; k++) {
        const struct dataset_point p = stroke->point[k];
        if (k > 0 && p.x == stroke->point[k - 1].x && p.y == stroke->point[k - 1].y) {
            copy.point[k] = copy.point[k - 1];
            continue;
        }
        copy.point[k].x = p.x + deviate(stream, POINT_SPREAD);
        copy.point[k].y = p.y + deviate(stream, POINT_SPREAD);
    }
    return copy;
}

/* Noise uniform on (-noise, noise), from a byte a pixel: the rest is cut at white and black. */
static void paper_scan(const struct paper *paper, const struct hand *hand, struct stream *stream,
                       unsigned char *pixel)
{
    enum { BYTE_BITS = 8 };
    uint64_t word = 0;
    for (size_t k = 0; k < DATASET_PIXELS; k++) {
        word = k % sizeof word ? word >> BYTE_BITS : stream_word(stream);
        const double u = 2 * (double)(word & IDX_BYTE_MOST) / IDX_BYTE_MOST - 1;
        const double grey = cut(0, 1, paper->ink[k] + hand->noise * u);
        pixel[k] = (unsigned char)(IDX_BYTE_MOST * grey + 0.5);
    }
}

void dataset_digit(uint64_t seed, enum dataset_part part, size_t index,
                   unsigned char item[DATASET_PIXELS + 1])
{
    const char *const name = part == DATASET_TRAIN ? "digits to train" : "digits to test";
    struct stream stream = stream_at(seed, stream_key(name), index);
    const unsigned digit = (unsigned)stream_below(&stream, DATASET_CLASSES);
    size_t count;
    const struct dataset_style *style = dataset_styles(digit, &count);
    style += stream_below(&stream, count);
    const struct hand hand = hand_draw(&stream);
    struct paper paper = {.ink = {0}};
    for (size_t k = 0; k < style->count; k++) {
        const struct dataset_stroke stroke = moved(&stream, &style->stroke[k]);
        stroke_draw(&paper, &hand, &stroke);
    }
    paper_scan(&paper, &hand, &stream, item);
    item[DATASET_PIXELS] = (unsigned char)digit;
}

static enum status part_draw(const struct dataset_source *source, enum dataset_part part,
                             struct dataset *dataset)
{
    unsigned char labelled = 0;
    const struct dataset shape = {.format = "generated digits",
                                  .count =
                                      source->most[part] ? source->most[part] : DEFAULT_COUNT[part],
                                  .inputs = DATASET_PIXELS,
                                  .outputs = DATASET_CLASSES,
                                  .rows = DATASET_SIDE,
                                  .columns = DATASET_SIDE,
                                  .label = &labelled};
    TRY(dataset_create(&shape, dataset));
#pragma omp parallel for schedule(static)
    for (size_t k = 0; k < shape.count; k++) {
        unsigned char item[DATASET_PIXELS + 1];
        dataset_digit(source->seed, part, k, item);
        dataset_put_image(dataset, k, item);
    }
    return OK;
}

enum status dataset_digits_draw(const struct dataset_source *source, struct dataset *train,
                                struct dataset *test)
{
    TRY(part_draw(source, DATASET_TRAIN, train));
    return part_draw(source, DATASET_TEST, test);
}
