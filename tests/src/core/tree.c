// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdlib.h>

#include "check.h"

static char trace[1024];

static void note(const char *what, const kp_event *e)
{
    snprintf(trace + strlen(trace), sizeof trace - strlen(trace), "%s:%s ", what,
             kp_state(e->control) ? (const char *)kp_state(e->control) : "?");
}

#define CHECK_TRACE(expected) (CHECK_TEXT(trace, expected), *trace = 0)
#define CHECK_TRACE_TURNS(expected) (CHECK_TURNS(trace, expected), *trace = 0)

typedef struct {
    char text[8];
} label;

static void on_mount(kp_event *e)
{
    note("in", e);
    if (kp_sleep(1000000) == KP_ECANCELED)
        note("end", e);
}

static void on_unmount(kp_event *e)
{
    CHECK(kp_is_mounted(e->control)); // it may still be looked at
    note("out", e);
    CHECK_EQUAL(kp_sleep(10), 0); // not canceled with its control
    CHECK(!kp_is_mounted(e->control));
    note("after", e);
}

static kp_control *spy(const char *name)
{
    kp_control *column =
        kp_column(.on_mount = on_mount, .on_unmount = on_unmount, .state = KP_STATE(label, ""));
    if (kp_state(column))
        strcpy(((label *)kp_state(column))->text, name);
    return column;
}

static void order(kp_control *parent, kp_control *a, kp_control *b, kp_control *c)
{
    kp_control *expected[] = { a, b, c, NULL };
    kp_control *child = kp_first_child(parent);

    for (int i = 0; expected[i]; i++, child = kp_next_sibling(child)) {
        CHECK(child == expected[i]);
        CHECK(kp_parent(child) == parent);
    }
    CHECK(!child);
}

static void adding_and_moving(void)
{
    kp_control *a = kp_text("a"), *b = kp_text("b"), *c = kp_text("c");
    kp_control *row = kp_row(.children = kp_list(a, NULL, b));

    order(row, a, b, NULL);
    CHECK_EQUAL(kp_insert(row, c, a), 0);
    order(row, c, a, b);
    CHECK_EQUAL(kp_insert(row, a, NULL), 0);
    order(row, c, b, a);
    CHECK_EQUAL(kp_insert(row, a, c), 0);
    order(row, a, c, b);
    CHECK_EQUAL(kp_remove(c), 0);
    order(row, a, b, NULL);
    CHECK_EQUAL(kp_clear(row), 0);
    CHECK(!kp_first_child(row));
    CHECK_EQUAL(kp_remove(row), 0);
}

static void what_cannot_be(void)
{
    kp_control *outer = kp_column(), *inner = kp_column(), *other = kp_column(), *text = kp_text("x");

    kp_add(outer, inner);
    CHECK_EQUAL(kp_add(inner, outer), KP_EINVAL);
    CHECK_EQUAL(kp_add(outer, outer), KP_EINVAL);
    CHECK_EQUAL(kp_add(outer, NULL), KP_EINVAL);
    CHECK_EQUAL(kp_insert(outer, other, text), KP_EINVAL);
    CHECK_EQUAL(kp_insert(outer, inner, inner), KP_EINVAL);
    CHECK_EQUAL(kp_add(text, inner), KP_EINVAL);
    kp_add(kp_page, outer);
    CHECK_EQUAL(kp_add(other, outer), KP_EINVAL); // it would leave the page without being removed
    CHECK_EQUAL(kp_add(inner, kp_page), KP_EINVAL);
    CHECK_EQUAL(kp_remove(kp_page), KP_EINVAL);
    order(outer, inner, NULL, NULL);
    CHECK_EQUAL(kp_set_label(text, "no such property"), KP_EINVAL);
    kp_remove(outer);
    kp_remove(other);
    kp_remove(text);
}

static void stale_handles_do_nothing(void)
{
    kp_control *column = kp_column(), *text = kp_text("x"), *child = kp_text("y");

    kp_add(column, child);
    kp_remove(text);
    CHECK_EQUAL(kp_add(column, text), KP_ESTALE);
    CHECK_EQUAL(kp_add(text, column), KP_ESTALE);
    CHECK_EQUAL(kp_insert(column, child, text), KP_ESTALE);
    CHECK_EQUAL(kp_remove(text), KP_ESTALE);
    CHECK_EQUAL(kp_clear(text), KP_ESTALE);
    CHECK_EQUAL(kp_focus(text), KP_ESTALE);
    CHECK_EQUAL(kp_set_value(text, "z"), KP_ESTALE);
    CHECK_EQUAL(kp_set_valuef(text, "%d", 1), KP_ESTALE);
    CHECK_EQUAL(kp_get_value(text, NULL, 0), KP_ESTALE);
    CHECK(!kp_parent(text) && !kp_first_child(text) && !kp_next_sibling(text) && !kp_state(text));
    CHECK(!kp_is_mounted(text));
    CHECK_EQUAL(kp_add((kp_control *)(uintptr_t)0xFFFFFFFF, child), KP_ESTALE);
    CHECK_EQUAL(kp_remove(NULL), KP_ESTALE);
    kp_remove(column);
    CHECK_EQUAL(kp_set_value(child, "gone with its parent"), KP_ESTALE);
}

static void mounting_and_unmounting(void)
{
    kp_control *outer = spy("o"), *inner = spy("i");

    kp_add(outer, inner);
    kp_sleep(1);
    CHECK_TRACE("");
    kp_add(kp_page, outer);
    CHECK_TRACE("");
    kp_sleep(1);
    CHECK_TRACE_TURNS("in:o in:i ");
    kp_add(kp_page, inner); // moved, not unmounted
    kp_yield();
    CHECK_TRACE("");
    kp_add(outer, inner);
    kp_remove(outer);
    CHECK_TRACE("out:o out:i ");
    kp_yield();
    kp_sleep(20);
    CHECK_TRACE_TURNS("end:i end:o after:o after:i ");
    CHECK(!kp_state(outer) && !kp_state(inner));
}

static kp_control *victim;

static void removes_another(kp_event *e)
{
    note("out", e);
    kp_remove(victim);
}

// An unmount handler may take away what the walk was about to visit, even the root of the walk.
static void unmount_handlers_may_change_the_tree(void)
{
    for (int which = 0; which < 3; which++) {
        kp_control *root = kp_column(.on_unmount = removes_another, .state = KP_STATE(label, "r"));
        kp_control *first = kp_column(.on_unmount = removes_another, .state = KP_STATE(label, "1"));
        kp_control *second = kp_column(.on_unmount = removes_another, .state = KP_STATE(label, "2"));
        kp_add(root, first);
        kp_add(root, second);
        kp_add(kp_page, root);
        victim = which == 0 ? second : which == 1 ? root : kp_text("unrelated");
        kp_remove(root);
        CHECK(!kp_is_mounted(root) && !kp_is_mounted(first) && !kp_is_mounted(second));
        CHECK_EQUAL(strlen(trace), 18); // each was called once: out:r out:1 out:2 in some order
        *trace = 0;
        kp_sleep(1);
    }
}

static void deep_trees(void)
{
    kp_control *root = kp_column(), *leaf = root;

    for (int i = 0; i < OFTEN(20000, 30); i++) {
        kp_control *next = kp_column();
        kp_add(next, NULL);
        kp_insert(leaf, next, NULL);
        // The check that a parent is not inside its child walks up: keep it short.
        if (i % 100 == 99) {
            kp_remove(root);
            root = kp_column();
            next = root;
        }
        leaf = next;
    }
    kp_remove(root);
}

static void many_controls(void)
{
    kp_control *column = kp_column();

    kp_add(kp_page, column);
    for (int i = 0; i < OFTEN(20000, 30); i++)
        CHECK_EQUAL(kp_add(column, kp_text("row")), 0);
    kp_clear(column);
    CHECK(!kp_first_child(column));
    kp_remove(column);
}

int main(void)
{
    RUN(adding_and_moving);
    RUN(what_cannot_be);
    RUN(stale_handles_do_nothing);
    RUN(mounting_and_unmounting);
    RUN(unmount_handlers_may_change_the_tree);
    RUN(deep_trees);
    RUN(many_controls);
    return check_result();
}
