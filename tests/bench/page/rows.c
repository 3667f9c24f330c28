// SPDX-License-Identifier: MIT
// The rows of page/rows.js, with Kapok's controls: created, updated and cleared by three buttons.
#include <kapok.h>

enum { ROWS = 1000 };

static kp_control *list, *labels[ROWS];

static void create(kp_event *e)
{
    (void)e;
    for (int i = 0; i < ROWS; i++) {
        kp_control *number = kp_text();
        labels[i] = kp_text();
        kp_set_valuef(number, "%d", i + 1);
        kp_set_valuef(labels[i], "row number %d", i + 1);
        kp_add(list, kp_row(.children = kp_list(number, labels[i])));
    }
}

static void update(kp_event *e)
{
    static int version;

    (void)e;
    version++;
    for (int i = 0; i < ROWS; i++)
        kp_set_valuef(labels[i], "row number %d version %d", i + 1, version);
}

static void clear(kp_event *e)
{
    (void)e;
    kp_clear(list);
}

int main(void)
{
    kp_add(kp_page, kp_row(.children = kp_list(kp_button("create", .on_click = create),
                                               kp_button("update", .on_click = update),
                                               kp_button("clear", .on_click = clear))));
    kp_add(kp_page, list = kp_column());
    return 0;
}
