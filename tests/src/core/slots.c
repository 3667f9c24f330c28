// SPDX-License-Identifier: MIT
#include "../../../src/core/slots.h"

#include <stdlib.h>

#include "check.h"

typedef struct {
    kp__slot slot;
    int value;
} thing;

static kp__slots things = KP__SLOTS(thing);

static void names_go_stale(void)
{
    thing *a = kp__slot_take(&things);
    uint32_t name = a->slot.name;

    a->value = 7;
    CHECK(kp__slot_find(&things, name) == a);
    CHECK(kp__slot_at(&things, KP__SLOT_INDEX(name)) == a);
    kp__slot_free(&things, a);
    CHECK(!kp__slot_find(&things, name));
    CHECK(!kp__slot_at(&things, KP__SLOT_INDEX(name)));
    CHECK(!kp__slot_find(&things, 0));
    CHECK(!kp__slot_find(&things, UINT32_MAX));
}

// One thing made and freed in a loop must not get its old name back soon.
static void names_last(void)
{
    thing *first = kp__slot_take(&things);
    uint32_t name = first->slot.name;
    int found = 0;

    kp__slot_free(&things, first);
    for (int i = 0; i < 100000; i++) {
        thing *t = kp__slot_take(&things);
        CHECK_EQUAL(t->value, 0);
        t->value = i;
        found += kp__slot_find(&things, name) != NULL;
        kp__slot_free(&things, t);
    }
    CHECK_EQUAL(found, 0);
    CHECK(things.made < 200); // and the table must not grow with it
}

// A million random makes, frees and uses against a plain array of what should be there.
static void agrees_with_a_model(void)
{
    enum { PLACES = 500 };
    static struct {
        uint32_t name, stale;
        thing *thing;
    } model[PLACES];
    int wrong = 0;

    srand(1);
    for (int i = 0; i < 1000000; i++) {
        int at = rand() % PLACES;
        if (!model[at].thing) {
            model[at].thing = kp__slot_take(&things);
            model[at].name = model[at].thing->slot.name;
            model[at].thing->value = at;
        } else if (rand() % 2) {
            model[at].stale = model[at].name;
            kp__slot_free(&things, model[at].thing);
            model[at].thing = NULL;
        } else {
            wrong += kp__slot_find(&things, model[at].name) != model[at].thing;
            wrong += model[at].thing->value != at;
            wrong += model[at].stale && kp__slot_find(&things, model[at].stale) != NULL;
        }
    }
    CHECK_EQUAL(wrong, 0);
    for (int at = 0; at < PLACES; at++)
        if (model[at].thing)
            kp__slot_free(&things, model[at].thing);
}

int main(void)
{
    names_go_stale();
    names_last();
    agrees_with_a_model();
    return check_result();
}
