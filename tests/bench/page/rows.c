// SPDX-License-Identifier: MIT
// The rows of page/rows.js, with Kapok's controls: created, updated and cleared by three buttons.
#include <kapok.h>

enum { ROWS = 1000 };

typedef struct {
    int key, version;
} row;

static row rows[ROWS];
static kp_control *list;

static kp_control *view(const void *item)
{
    const row *r = item;
    char number[12], label[40];

    kp_format(number, sizeof number, "%d", r->key);
    if (r->version)
        kp_format(label, sizeof label, "row number %d version %d", r->key, r->version);
    else
        kp_format(label, sizeof label, "row number %d", r->key);
    return kp_row(.children = kp_list(kp_text(number), kp_text(label)));
}

static void create(kp_event *e)
{
    (void)e;
    for (int i = 0; i < ROWS; i++)
        rows[i] = (row){ .key = i + 1 };
    kp_set_items(list, rows, ROWS, view);
}

static void update(kp_event *e)
{
    (void)e;
    for (int i = 0; i < ROWS; i++)
        rows[i].version++;
    kp_set_items(list, rows, ROWS, view);
}

static void clear(kp_event *e)
{
    (void)e;
    kp_set_items(list, rows, 0, view);
}

int main(void)
{
    kp_add(kp_page, kp_row(.children = kp_list(kp_button("create", .on_click = create),
                                               kp_button("update", .on_click = update),
                                               kp_button("clear", .on_click = clear))));
    kp_add(kp_page, list = kp_column());
    return 0;
}
