// SPDX-License-Identifier: MIT
// kp_set_items: what is kept, moved, made and removed, and what is refused.
#include <stdlib.h>

#include "check.h"

typedef struct {
    int key;
    char name[15]; // no padding: its bytes would be compared too
    bool done;
} thing;

static int views; // how often a view has run

static void pressed(kp_event *e)
{
    (void)e;
}

static kp_control *view(const void *item)
{
    const thing *t = item;
    char text[24];

    views++;
    snprintf(text, sizeof text, "%d %s", t->key, t->name);
    return kp_row(.children = kp_list(kp_text(text, .italic = t->done),
                                      kp_button("x", .on_click = pressed, .disabled = t->done)));
}

static kp_control *row_of(kp_control *list, int key)
{
    kp_control *child = kp_first_child(list);

    while (child && *(const int *)kp_state(child) != key)
        child = kp_next_sibling(child);
    return child;
}

// The keys that are shown, as "1 2 3 ".
static const char *shown(kp_control *list)
{
    static char text[512];
    size_t length = 0;

    *text = 0;
    for (kp_control *child = kp_first_child(list); child; child = kp_next_sibling(child))
        length += (size_t)snprintf(text + length, sizeof text - length, "%d ", *(const int *)kp_state(child));
    return text;
}

static int show(kp_control *list, int count, const int *keys)
{
    thing things[64] = { { 0 } };

    for (int i = 0; i < count; i++)
        things[i].key = keys[i];
    return kp_set_items(list, things, (size_t)count, view);
}

#define SHOW(list, ...) \
    show(list, (int)(sizeof((int[]){ __VA_ARGS__ }) / sizeof(int)), (int[]){ __VA_ARGS__ })

static void an_item_keeps_its_control(void)
{
    kp_control *list = kp_column();
    kp_add(kp_page, list);

    CHECK_EQUAL(SHOW(list, 1, 2, 3, 4, 5), 0);
    CHECK_TEXT(shown(list), "1 2 3 4 5 ");
    kp_control *two = row_of(list, 2), *five = row_of(list, 5);
    CHECK(kp_is_mounted(two));
    CHECK_EQUAL(SHOW(list, 5, 3, 6, 2), 0);
    CHECK_TEXT(shown(list), "5 3 6 2 ");
    CHECK(row_of(list, 2) == two);
    CHECK(row_of(list, 5) == five);
    CHECK_EQUAL(show(list, 0, NULL), 0);
    CHECK(!kp_first_child(list));
    CHECK(!kp_state(two));
    CHECK_EQUAL(SHOW(list, 2), 0);
    CHECK(row_of(list, 2) != two);
    kp_remove(list);
}

static void the_view_runs_for_what_changes(void)
{
    kp_control *list = kp_column();
    thing things[100];
    kp_add(kp_page, list);

    memset(things, 0, sizeof things);
    for (int i = 0; i < 100; i++)
        things[i].key = i;
    kp_set_items(list, things, 100, view);
    views = 0;
    kp_set_items(list, things, 100, view);
    CHECK_EQUAL(views, 0);
    strcpy(things[7].name, "seven");
    things[8].done = true;
    kp_set_items(list, things, 100, view);
    CHECK_EQUAL(views, 2);
    CHECK_TEXT(((const thing *)kp_state(row_of(list, 7)))->name, "seven");
    kp_remove(list);
}

// Every order of five out of six after every other.
static void every_order_comes_out_right(void)
{
    kp_control *list = kp_column();
    int orders[200][5], wrong = 0;
    unsigned seed = 1;

    kp_add(kp_page, list);
    for (int i = 0; i < 200; i++) {
        int keys[9] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
        for (int j = 0; j < 5; j++) {
            seed = seed * 1103515245u + 12345u;
            int other = j + (int)(seed >> 16) % (9 - j), key = keys[other];
            keys[other] = keys[j];
            orders[i][j] = keys[j] = key;
        }
    }
    for (int i = 0; i < 200; i++) {
        char expected[32] = "";
        int count = i % 6;
        kp_control *before[9];
        for (int key = 0; key < 9; key++)
            before[key] = row_of(list, key);
        show(list, count, orders[i]);
        for (int j = 0; j < count; j++) {
            snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%d ", orders[i][j]);
            wrong += before[orders[i][j]] && row_of(list, orders[i][j]) != before[orders[i][j]];
        }
        wrong += strcmp(shown(list), expected) != 0;
    }
    CHECK_EQUAL(wrong, 0);
    kp_remove(list);
}

static kp_control *of_two_shapes(const void *item)
{
    const thing *t = item;

    return t->done ? kp_text(t->name) : kp_row(.children = kp_list(kp_text(t->name)));
}

static void an_item_may_take_another_shape(void)
{
    kp_control *list = kp_column();
    thing things[] = { { 1, "a", false }, { 2, "b", false }, { 3, "c", true } };
    kp_add(kp_page, list);

    kp_set_items(list, things, 3, of_two_shapes);
    kp_control *two = row_of(list, 2), *three = row_of(list, 3);
    things[1].done = true;
    CHECK_EQUAL(kp_set_items(list, things, 3, of_two_shapes), 0);
    CHECK_TEXT(shown(list), "1 2 3 ");
    CHECK(row_of(list, 2) != two);
    CHECK(row_of(list, 3) == three);
    CHECK_EQUAL(kp_set_items(list, things, 3, view), 0); // another view shows all anew
    CHECK(row_of(list, 3) != three);
    CHECK_TEXT(shown(list), "1 2 3 ");
    kp_remove(list);
}

typedef struct {
    double weight;
    char key[24];
} word;

static kp_control *word_view(const void *item)
{
    return kp_text(((const word *)item)->key);
}

static void a_key_may_be_of_any_type(void)
{
    kp_control *list = kp_column();
    word words[] = { { 1, "one" }, { 2, "two" } };
    kp_add(kp_page, list);

    CHECK_EQUAL(kp_set_items(list, words, 2, word_view), 0);
    kp_control *one = kp_first_child(list);
    word other[] = { { 3, "three" }, { 1, "one" } };
    CHECK_EQUAL(kp_set_items(list, other, 2, word_view), 0);
    CHECK(kp_next_sibling(kp_first_child(list)) == one);
    kp_remove(list);
}

static kp_control *nothing(const void *item)
{
    (void)item;
    return NULL;
}

static kp_control *of_the_page(const void *item)
{
    (void)item;
    return kp_first_child(kp_page);
}

static kp_control *with_state(const void *item)
{
    (void)item;
    return kp_text("x", .state = KP_STATE(int, 1));
}

static kp_control *with_mount(const void *item)
{
    (void)item;
    return kp_text("x", .on_mount = pressed);
}

static kp_control *left_over(const void *item)
{
    (void)item;
    kp_text("y");
    return kp_text("x");
}

static kp_control *from_before(const void *item)
{
    static kp_control *kept;

    (void)item;
    if (!kept)
        return kept = kp_text("x");
    return kept;
}

static kp_control *that_nests(const void *item)
{
    kp_control *column = kp_column();

    kp_set_items(column, (const thing *)item, 1, view);
    return column;
}

static kp_control *that_waits(const void *item)
{
    (void)item;
    CHECK_EQUAL(kp_sleep(1), KP_EDEADLK);
    return kp_text("x");
}

static kp_control *of_too_many(const void *item)
{
    kp_control *column = kp_column();

    (void)item;
    for (int i = 0; i < 255; i++)
        kp_add(column, kp_text("x"));
    return column;
}

static kp_control *in_a_text(const void *item)
{
    kp_control *text = kp_text("x");

    (void)item;
    kp_add(text, kp_text("y"));
    return text;
}

static void what_is_refused(void)
{
    static const kp_view views[] = { nothing,     of_the_page, with_state,  with_mount, left_over,
                                     from_before, that_nests,  of_too_many, in_a_text };
    kp_control *list = kp_column(), *text = kp_text("x"), *mixed = kp_column();
    thing one = { 4, "", false };

    kp_add(kp_page, list);
    SHOW(list, 1, 2, 3);
    CHECK_EQUAL(SHOW(list, 1, 4, 3, 4), KP_EINVAL);
    CHECK_EQUAL(SHOW(list, 1, 2, 3, 1), KP_EINVAL);
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        CHECK_EQUAL(kp_set_items(list, &one, 1, views[i]), KP_EINVAL);
    CHECK_TEXT(shown(list), "1 2 3 ");
    CHECK_EQUAL(kp_set_items(list, &one, 1, that_waits), 0);
    CHECK_EQUAL(SHOW(text, 1), KP_EINVAL);
    kp_add(mixed, kp_text("x"));
    CHECK_EQUAL(SHOW(mixed, 1), KP_EINVAL);
    kp_remove(mixed);
    CHECK_EQUAL(SHOW(mixed, 1), KP_ESTALE);
    CHECK_EQUAL(kp_on_mount(kp_first_child(list), pressed), KP_EINVAL);
    kp_remove(text);
    kp_remove(list);
}

static void an_item_can_be_removed_by_hand(void)
{
    kp_control *list = kp_column();
    kp_add(kp_page, list);

    SHOW(list, 1, 2, 3);
    CHECK_EQUAL(kp_remove(row_of(list, 2)), 0);
    CHECK_EQUAL(kp_insert(list, row_of(list, 3), row_of(list, 1)), 0);
    CHECK_TEXT(shown(list), "3 1 ");
    SHOW(list, 1, 2, 3);
    CHECK_TEXT(shown(list), "1 2 3 ");
    kp_remove(list);
}

static kp_control *shown_anew;

static void shows_others(void *result)
{
    *(int *)result = SHOW(shown_anew, 4, 2);
}

static int shows_others_in_the_end(void *result)
{
    kp_suspend(kp_ticket_new(), "its end", shows_others, result);
    return 0;
}

// A row goes with a task that shows other items as its wait is cut short: these are shown then.
static void items_may_be_shown_as_others_go(void)
{
    kp_control *list = shown_anew = kp_column();
    int result = 1;

    kp_add(kp_page, list);
    SHOW(list, 1, 2, 3);
    kp_control *two = row_of(list, 2);
    kp_go(kp_group_of(row_of(list, 3)), shows_others_in_the_end, &result);
    kp_sleep(1);
    CHECK_EQUAL(SHOW(list, 5, 2, 6, 1), 0);
    CHECK_EQUAL(result, 0);
    CHECK_TEXT(shown(list), "4 2 ");
    CHECK(row_of(list, 2) == two);
    kp_sleep(1);
    kp_remove(list);
}

int main(void)
{
    an_item_keeps_its_control();
    the_view_runs_for_what_changes();
    every_order_comes_out_right();
    an_item_may_take_another_shape();
    a_key_may_be_of_any_type();
    what_is_refused();
    an_item_can_be_removed_by_hand();
    items_may_be_shown_as_others_go();
    return check_result();
}
