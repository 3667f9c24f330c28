// SPDX-License-Identifier: MIT
// kp_set_items: lets the children of a control show items, each by a control of its own that is known by the
// item's key. An item that is still there keeps its control, and the fewest are moved.
#define KP__CORE
#include "shape.h"

#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "view.h"

// One call of kp_set_items. There is one at a time, as nothing waits in it.
static struct {
    kp__control *container;
    const char *first; // of the items; the rest of them as in kp__items
    size_t count, size, key, key_size;
    kp_view view;
    bool alike;         // the children show items of this size by this view, so that some may be kept
    bool away;          // the elements of those that go have been taken out of the page
    kp__control **rows; // for each item the control that shows it; NULL while there is none
    uint32_t *places;   // for each item where its control was among `old`, counted from 1; 0 for a new one
    kp__control **old;  // the children as they were; NULL once they are among `rows`
    uint32_t old_count, kept;
    size_t from, to; // the items between those that are the same at both ends
    bool swapped;    // the first and the last of these have changed places, and nothing else
    void *memory;    // of these arrays; NULL where no call is under way
} now;

// --- An item and its control

static const char *item_at(size_t index)
{
    return now.first + index * now.size;
}

static const char *key_at(size_t index)
{
    return item_at(index) + now.key;
}

static const char *key_of(const kp__control *row)
{
    return (const char *)row->state + now.key;
}

// The control's state is the item, and behind it what kp__view_update wants to be given.
static size_t differs_at(void)
{
    return (now.size + sizeof(uint32_t) - 1) & ~(sizeof(uint32_t) - 1);
}

// Like !memcmp, which libc does byte by byte.
static bool same(const char *a, const char *b, size_t size)
{
    uint64_t left = 0, right = 0;

    for (; size >= sizeof left; size -= sizeof left, a += sizeof left, b += sizeof left) {
        memcpy(&left, a, sizeof left);
        memcpy(&right, b, sizeof right);
        if (left != right)
            return false;
    }
    for (; size > 0; size--)
        if (*a++ != *b++)
            return false;
    return true;
}

static bool shows_key(const kp__control *row, size_t index)
{
    return same(key_of(row), key_at(index), now.key_size);
}

// A control that shows the item and is nowhere yet. NULL when it cannot be.
static kp__control *make_row(size_t index, int *code)
{
    size_t size = now.size, at = differs_at();
    char *state = malloc(at + sizeof(uint32_t));

    if (!state) {
        *code = KP_ENOMEM;
        return NULL;
    }
    uint32_t *differs = (uint32_t *)(void *)(state + at);
    kp__control *row = kp__view_make(now.view, item_at(index), size, differs, code);
    if (row)
        row->state = memcpy(state, item_at(index), size);
    else
        free(state);
    return row;
}

// --- Which item is which child

static void keep(size_t index, uint32_t place)
{
    now.rows[index] = now.old[place];
    now.places[index] = place + 1;
    now.old[place] = NULL;
    now.kept++;
}

static uint32_t hash_of(const char *key)
{
    uint32_t hash = 2166136261u; // FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/

    for (size_t i = 0; i < now.key_size; i++)
        hash = (hash ^ (unsigned char)key[i]) * 16777619u;
    return hash ^ hash >> 15;
}

// Items by key. Each is put in once; 0 is an empty place.
typedef struct {
    uint32_t *places, mask;
} table;

// Where the item of a key is, or could be put.
static uint32_t *find(const table *t, const char *key)
{
    uint32_t at = hash_of(key) & t->mask;

    while (t->places[at] && !same(key_at(t->places[at] - 1), key, now.key_size))
        at = (at + 1) & t->mask;
    return &t->places[at];
}

// Matches what is not the same at both ends. Returns KP_EINVAL when two items have the same key.
static int match_by_key(size_t from, size_t to, uint32_t old_from, uint32_t old_to)
{
    uint32_t size = 16;
    while (size < now.count + now.count / 2)
        size *= 2;
    table t = { malloc(size * sizeof *t.places), size - 1 };
    if (!t.places)
        return KP_ENOMEM;
    memset(t.places, 0, size * sizeof *t.places);
    int code = 0;
    for (size_t i = 0; i < now.count && code == 0; i++) {
        uint32_t *place = find(&t, key_at(i));
        if (*place)
            code = kp__misuse("kp_set_items", KP__CAUSE("two items have the same key"));
        *place = (uint32_t)i + 1;
    }
    for (uint32_t i = old_from; i < old_to && code == 0; i++) {
        uint32_t found = *find(&t, key_of(now.old[i]));
        if (found > from && found <= to)
            keep(found - 1, i);
    }
    free(t.places);
    return code;
}

// Two that have changed places, and nothing else: found without a table.
static bool match_swap(size_t from, size_t to, uint32_t old_from, uint32_t old_to)
{
    if (to - from != old_to - old_from || to - from < 2 || !shows_key(now.old[old_from], to - 1) ||
        !shows_key(now.old[old_to - 1], from))
        return false;
    for (size_t i = 1; i < to - from - 1; i++)
        if (!shows_key(now.old[old_from + i], from + i))
            return false;
    for (size_t i = 1; i < to - from - 1; i++)
        keep(from + i, old_from + (uint32_t)i);
    keep(from, old_to - 1);
    keep(to - 1, old_from);
    return now.swapped = true;
}

static int match(void)
{
    size_t from = 0, to = now.count;
    uint32_t old_to = now.old_count;

    now.swapped = false;
    now.from = 0;
    now.to = to;
    if (!now.alike)
        return match_by_key(0, to, 0, 0);

    for (; from < to && from < old_to && shows_key(now.old[from], from); from++)
        keep(from, (uint32_t)from);
    for (; to > from && old_to > from && shows_key(now.old[old_to - 1], to - 1); to--)
        keep(to - 1, --old_to);
    now.from = from;
    now.to = to;
    if (from == to || match_swap(from, to, (uint32_t)from, old_to))
        return 0;
    return match_by_key(from, to, (uint32_t)from, old_to);
}

// --- Making and showing

static int make_new(void)
{
    int code = 0;

    for (size_t i = 0; i < now.count && code == 0; i++)
        if (!now.rows[i])
            now.rows[i] = make_row(i, &code);
    return code;
}

// When memory is short the control shows what it can, and its item stays the old one, so that the next call
// tries again.
static int show_changed(size_t index)
{
    kp__control *row = now.rows[index], *other;
    const char *item = item_at(index);
    uint32_t *differs = (uint32_t *)(void *)((char *)row->state + differs_at());
    int code = kp__view_update(item, row, differs);

    if (code == 0)
        memcpy(row->state, item, now.size);
    if (code <= 0 || !(other = make_row(index, &code)))
        return code;
    kp__send(KP__COMMAND_DETACH, kp__number_of(row));
    now.old[now.places[index] - 1] = row;
    now.rows[index] = other;
    now.places[index] = 0;
    return 0;
}

static int show_all_changed(void)
{
    int first = 0;

    for (size_t i = 0; i < now.count; i++) {
        if (!now.places[i] || same(now.rows[i]->state, item_at(i), now.size))
            continue;
        int code = show_changed(i);
        first = first ? first : code;
    }
    return first;
}

// --- What goes

// Takes the elements of what goes out of the page, before new ones are made: a browser is quicker so.
static void send_away(void)
{
    now.away = true;
    if (now.kept == now.old_count)
        return;
    if (!now.kept)
        kp__send(KP__COMMAND_CLEAR, kp__number_of(now.container));
    else
        for (uint32_t i = 0; i < now.old_count; i++)
            if (now.old[i])
                kp__send(KP__COMMAND_DETACH, kp__number_of(now.old[i]));
}

static void discard_gone(void)
{
    for (uint32_t i = 0; i < now.old_count; i++)
        if (now.old[i])
            kp__discard(now.old[i]);
}

static void forget(void)
{
    free(now.memory);
    now.memory = NULL;
    now.away = false;
}

void kp__items_abandon(void)
{
    if (!now.memory)
        return;
    kp__view_abandon();
    for (size_t i = 0; i < now.count; i++)
        if (now.rows[i] && !now.places[i])
            kp__discard(now.rows[i]);
    for (kp__control *child = kp__control_at(now.container->first); now.away && child;
         child = kp__control_at(child->next))
        kp__send_insert(KP__COMMAND_MOVE, kp__number_of(child), kp__number_of(now.container), 0);
    forget();
}

// --- The order

// Clears the place of each kept item that has to move, so that as few as possible do: those of a longest
// increasing subsequence of places stay (Fredman, On computing the length of longest increasing subsequences,
// 1975). `work` has room for twice as many numbers as there are items.
static void choose_moving(uint32_t *work)
{
    uint32_t *places = now.places, *before = work, *last_of = work + now.count;
    uint32_t length = 0;

    if (now.swapped) {
        size_t between = now.from + 1;
        while (between < now.to - 1 && !places[between])
            between++;
        // Of two neighbours one is enough.
        places[now.from] = 0;
        if (between < now.to - 1)
            places[now.to - 1] = 0;
        return;
    }
    // last_of[n] is where the best subsequence of n + 1 items ends, before[i] the item before i in its own.
    for (uint32_t i = (uint32_t)now.from; i < now.to; i++) {
        if (!places[i])
            continue;
        uint32_t low = 0, high = length;
        while (low < high) {
            uint32_t middle = (low + high) / 2;
            if (places[last_of[middle]] < places[i])
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low ? last_of[low - 1] : 0;
        last_of[low] = i;
        if (low == length)
            length++;
    }
    uint32_t next = length ? last_of[length - 1] : 0;
    for (uint32_t i = (uint32_t)now.to; i-- > now.from;) {
        if (length && i == next) {
            next = before[i];
            length--;
        } else {
            places[i] = 0;
        }
    }
}

static bool in_order(void)
{
    uint32_t last = 0;

    for (size_t i = 0; i < now.count; i++) {
        if (!now.places[i])
            continue;
        if (now.places[i] < last)
            return false;
        last = now.places[i];
    }
    return true;
}

// Puts each run of controls that are new or move in front of the next one that stays.
static void place_all(void)
{
    size_t count = now.count;

    for (size_t from = 0, to; from < count; from = to + 1) {
        for (to = from; to < count && !now.places[to]; to++)
            ;
        for (; from < to; from++)
            kp__place(now.container, now.rows[from], to < count ? now.rows[to] : NULL);
    }
}

// --- The call

static int change_items(uint32_t *work)
{
    int code = match();

    if (code == 0) {
        send_away();
        code = make_new();
    }
    if (code < 0) {
        kp__items_abandon();
        return code;
    }
    code = show_all_changed();
    discard_gone();
    if (!in_order())
        choose_moving(work);
    place_all();
    forget();
    return code;
}

// Counts the children. NULL when they can show the items.
static const char *why_not(const kp__control *container, const kp__items *items, uint32_t *children)
{
    if (!container->kind->container)
        return KP__CAUSE("this kind of control takes no children");
    if (items->count && !items->first)
        return KP__CAUSE("the items are NULL");
    if (items->count > KP__MOST_SLOTS)
        return KP__CAUSE("there are more items than controls can be");
    *children = 0;
    for (const kp__control *child = kp__control_at(container->first); child;
         child = kp__control_at(child->next), ++*children)
        if (child->kind->id != KP__KIND_ITEM)
            return KP__CAUSE("the container has other children; give the items one of their own");
    return NULL;
}

int kp__set_items(kp_control *handle, const kp__items *items, kp_view view)
{
    kp__control *container = kp__control_of(handle);

    if (kp__in_view())
        return kp__view_refuse(KP__CAUSE("a view cannot show items"));
    if (!container)
        return kp__stale("kp_set_items");
    uint32_t old_count;
    const char *cause = why_not(container, items, &old_count);
    if (cause)
        return kp__misuse("kp_set_items", cause);
    size_t count = items->count, numbers = 3 * count, pointers = count + old_count;
    char *memory = malloc(pointers * sizeof(kp__control *) + numbers * sizeof(uint32_t) + 1);
    if (!memory)
        return KP_ENOMEM;
    now.container = container;
    now.first = items->first;
    now.count = count;
    now.size = items->size;
    now.key = items->key;
    now.key_size = items->key_size;
    now.view = view;
    now.old_count = old_count;
    now.kept = 0;
    now.memory = memory;
    now.rows = (kp__control **)(void *)memory;
    now.old = now.rows + count;
    now.places = (uint32_t *)(void *)(now.old + old_count);
    memset(now.rows, 0, count * sizeof *now.rows);
    memset(now.places, 0, count * sizeof *now.places);
    uint32_t i = 0;
    now.alike = true;
    for (kp__control *child = kp__control_at(container->first); child; child = kp__control_at(child->next)) {
        now.old[i++] = child;
        const kp__shape *shape = (const kp__shape *)(const void *)child->kind;
        now.alike = now.alike && shape->view == view && shape->size == items->size;
    }
    return change_items(now.places + count);
}
