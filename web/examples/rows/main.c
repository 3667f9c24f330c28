// SPDX-License-Identifier: MIT
// rows: the table of js-framework-benchmark. Ten thousand rows, kept by key, from ordinary controls.
#include <kapok.h>
#include <stdlib.h>

static const char *const qualities[] = { "brisk",  "calm", "dense", "early", "faint", "grand",
                                         "hollow", "idle", "keen",  "lofty", "mild" };
static const char *const colours[] = { "amber", "blue", "copper", "green", "ivory",
                                       "pink",  "red",  "silver", "teal",  "violet" };
static const char *const things[] = { "anchor",  "basket", "candle", "drum",   "engine",
                                      "feather", "kettle", "ladder", "mirror", "rope" };

typedef struct {
    unsigned key;
    bool selected;
    char label[43];
} row;

static row *rows;
static size_t count, room;
static kp_control *table;

static const char *one_of(const char *const *words, size_t how_many)
{
    static unsigned seed = 1;

    seed = seed * 1664525 + 1013904223; // Numerical Recipes, 3rd edition, section 7.1
    return words[(seed >> 16) % how_many];
}
#define ONE_OF(words) one_of(words, sizeof(words) / sizeof *(words))

// The index of the row in which something was pressed.
static size_t index_of(kp_event *e)
{
    const row *pressed = kp_state(e->control);
    size_t i = 0;

    while (i + 1 < count && rows[i].key != pressed->key)
        i++;
    return i;
}

static void choose(kp_event *e);
static void take_out(kp_event *e);

static kp_control *view(const void *item)
{
    const row *r = item;
    char number[12];

    kp_format(number, sizeof number, "%u", r->key);
    return kp_element(
        KP_TAG_TR, .class_name = r->selected ? "danger" : NULL,
        .children = kp_list(
            kp_element(KP_TAG_TD, number, .class_name = "col-md-1"),
            kp_element(KP_TAG_TD, .class_name = "col-md-4",
                       .children = kp_list(kp_element(KP_TAG_A, r->label, .on_click = choose))),
            kp_element(KP_TAG_TD, .class_name = "col-md-1",
                       .children = kp_list(kp_element(
                           KP_TAG_A, .on_click = take_out,
                           .children = kp_list(kp_element(KP_TAG_SPAN, .aria_hidden = true,
                                                          .class_name = "glyphicon glyphicon-remove"))))),
            kp_element(KP_TAG_TD, .class_name = "col-md-6")));
}

static void show(void)
{
    kp_set_items(table, rows, count, view);
}

static void choose(kp_event *e)
{
    size_t chosen = index_of(e);

    for (size_t i = 0; i < count; i++)
        rows[i].selected = i == chosen;
    show();
}

static void take_out(kp_event *e)
{
    size_t i = index_of(e);

    count--;
    for (; i < count; i++)
        rows[i] = rows[i + 1];
    show();
}

// Adds rows at the end, as many as there is memory for.
static void append(size_t how_many)
{
    static unsigned last_key;
    row *larger = count + how_many > room ? realloc(rows, (count + how_many) * sizeof *rows) : rows;

    if (!larger)
        return;
    rows = larger;
    room = count + how_many > room ? count + how_many : room;
    for (; how_many > 0; how_many--) {
        row *r = &rows[count++];
        *r = (row){ .key = ++last_key };
        kp_format(r->label, sizeof r->label, "%s %s %s", ONE_OF(qualities), ONE_OF(colours), ONE_OF(things));
    }
}

static void run(kp_event *e)
{
    (void)e;
    count = 0;
    append(1000);
    show();
}

static void run_lots(kp_event *e)
{
    (void)e;
    count = 0;
    append(10000);
    show();
}

static void add(kp_event *e)
{
    (void)e;
    append(1000);
    show();
}

static void update(kp_event *e)
{
    (void)e;
    for (size_t i = 0; i < count; i += 10) {
        size_t length = 0;
        while (rows[i].label[length])
            length++;
        kp_format(rows[i].label + length, sizeof rows[i].label - length, " !!!");
    }
    show();
}

static void clear(kp_event *e)
{
    (void)e;
    count = 0;
    show();
}

static void swap_rows(kp_event *e)
{
    (void)e;
    if (count < 999)
        return;
    row second = rows[1];
    rows[1] = rows[998];
    rows[998] = second;
    show();
}

static kp_control *button(const char *id, const char *label, kp_handler on_click)
{
    return kp_element(KP_TAG_BUTTON, label, .id = id, .class_name = "btn", .on_click = on_click);
}

int main(void)
{
    kp_set_title(kp_page, "Rows");
    kp_add(kp_page,
           kp_element(KP_TAG_MAIN, .id = "main",
                      .children = kp_list(
                          kp_element(KP_TAG_DIV, .class_name = "jumbotron",
                                     .children = kp_list(
                                         kp_element(KP_TAG_H1, "Rows"),
                                         kp_element(KP_TAG_DIV, .class_name = "row",
                                                    .children = kp_list(
                                                        button("run", "Create 1,000 rows", run),
                                                        button("runlots", "Create 10,000 rows", run_lots),
                                                        button("add", "Append 1,000 rows", add),
                                                        button("update", "Update every 10th row", update),
                                                        button("clear", "Clear", clear),
                                                        button("swaprows", "Swap rows", swap_rows))))),
                          kp_element(KP_TAG_TABLE, .class_name = "table table-hover table-striped test-data",
                                     .children = kp_list(table = kp_element(KP_TAG_TBODY, .id = "tbody"))))));
    return 0;
}
