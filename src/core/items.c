// SPDX-License-Identifier: MIT
// kp_set_items: lets the children of a control show items, each by a control of its own that is known by the
// item's key. An item that is still there keeps its control, and the fewest are moved.
#define KP__CORE
#include "shape.h"

#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "task.h"
#include "view.h"
#include "words.h"

// Children that have changed: between the first and the last of them others may be.
typedef struct {
    kp__control *first; // NULL while there is none
    size_t from, to;    // their items
} changes;

// One call of kp_set_items. There is one at a time, as nothing waits in it.
static struct {
    kp__control *container; // NULL where no call is under way
    const char *first;      // of the items; the rest of them as in kp__items
    size_t count, size, key, key_size;
    kp_view view;
    int code;  // why not all that has changed is shown
    bool away; // the elements of those that go have been taken out of the page
    // The items between those that are the same at both ends; the arrays are about these only.
    size_t from, to;
    kp__control *after; // the first of the children behind them
    changes changed[3]; // before them, behind them, and between two that have changed places
    kp__control **rows; // for each item the control that shows it; NULL while there is none
    uint32_t *places;   // for each item where its control was among `old`, counted from 1; 0 for a new one
    kp__control **old;  // the children as they were; NULL once they are among `rows`
    uint32_t old_count, kept;
    void *memory; // of these arrays
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

static kp__control *next_of(const kp__control *row)
{
    return kp__control_at(row->next);
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

static uint32_t *differs_of(const kp__control *row)
{
    return (uint32_t *)(void *)((char *)row->state + differs_at());
}

static bool shows(const kp__control *row, size_t index)
{
    return same(row->state, item_at(index), now.size) && *differs_of(row) != KP__HALF_SHOWN;
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

// A child that shows items of this size by this view may be kept.
static bool may_show(const kp__control *child)
{
    const kp__shape *shape = (const kp__shape *)(const void *)child->kind;

    return child->kind->id == KP__KIND_ITEM && shape->view == now.view && shape->size == now.size;
}

// Whether the child shows the item; notes when that has changed.
static bool matches(kp__control *child, size_t index, changes *changed)
{
    if (!may_show(child))
        return false;
    if (shows(child, index))
        return true;
    if (!shows_key(child, index))
        return false;
    if (!changed->first || index < changed->from) {
        changed->first = child;
        changed->from = index;
    }
    if (changed->to <= index)
        changed->to = index + 1;
    return true;
}

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
static int match_by_key(void)
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
    for (uint32_t i = 0; i < now.old_count && code == 0; i++) {
        uint32_t found = may_show(now.old[i]) ? *find(&t, key_of(now.old[i])) : 0;
        if (found > now.from && found <= now.to)
            keep(found - 1 - now.from, i);
    }
    free(t.places);
    return code;
}

// Whether the first and the last child of these have changed places, and nothing else but what is between
// them.
static bool is_swap(kp__control *first, kp__control *last)
{
    changes *changed = &now.changed[2];
    size_t i = now.from + 1;

    if (first && first != last && i < now.to && matches(first, now.to - 1, changed) &&
        matches(last, now.from, changed) && !changed->first) {
        kp__control *child = next_of(first);
        for (; i < now.to - 1 && child != last && matches(child, i, changed); i++)
            child = next_of(child);
        if (i == now.to - 1 && child == last)
            return true;
    }
    *changed = (changes){ 0 };
    return false;
}

// --- Making and showing

static int make_new(void)
{
    int code = 0;

    for (size_t i = 0; i < now.to - now.from && code == 0; i++)
        if (!now.rows[i])
            now.rows[i] = make_row(now.from + i, &code);
    return code;
}

// Lets a control show its item, or makes another that can, which is nowhere yet; returns which. When memory
// is short it shows what it can, and its item stays the old one, so that the next call tries again.
static kp__control *show(kp__control *row, size_t index)
{
    const char *item = item_at(index);

    if (shows(row, index))
        return row;
    int code = kp__view_update(item, row, differs_of(row));
    if (code == 0)
        memcpy(row->state, item, now.size);
    kp__control *other = code > 0 ? make_row(index, &code) : NULL;
    if (code < 0 && !now.code)
        now.code = code;
    return other ? other : row;
}

static void show_changed(void)
{
    for (const changes *changed = now.changed; changed < now.changed + 3; changed++) {
        kp__control *row = changed->first;
        for (size_t i = changed->from; i < changed->to; i++) {
            kp__control *shown = show(row, i), *next = next_of(row);
            if (shown != row) {
                kp__place(now.container, shown, row);
                kp__send(KP__COMMAND_DETACH, kp__number_of(row));
                kp__discard(row);
                if (row == now.after)
                    now.after = shown;
            }
            row = next;
        }
    }
}

static void show_kept(void)
{
    for (size_t i = 0; i < now.to - now.from; i++) {
        kp__control *row = now.rows[i];
        if (!now.places[i] || (now.rows[i] = show(row, now.from + i)) == row)
            continue;
        kp__send(KP__COMMAND_DETACH, kp__number_of(row));
        now.old[now.places[i] - 1] = row;
        now.places[i] = 0;
    }
}

// --- What goes

// Takes the elements of what goes out of the page, before new ones are made: a browser is quicker so.
static void send_away(bool all)
{
    now.away = true;
    if (all && !now.kept)
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
    now.memory = now.container = NULL;
}

void kp__items_abandon(void)
{
    if (!now.container)
        return;
    kp__view_abandon();
    for (size_t i = 0; now.memory && i < now.to - now.from; i++)
        if (now.rows[i] && !now.places[i])
            kp__discard(now.rows[i]);
    for (kp__control *child = kp__control_at(now.container->first); now.away && child; child = next_of(child))
        kp__send_insert(KP__COMMAND_MOVE, kp__number_of(child), kp__number_of(now.container), 0);
    forget();
}

// --- The order

// Clears the place of each kept item that has to move, so that as few as possible do: those of a longest
// increasing subsequence of places stay (Fredman, On computing the length of longest increasing subsequences,
// 1975). `work` has room for twice as many numbers as there are items.
static void choose_moving(uint32_t *work)
{
    uint32_t count = (uint32_t)(now.to - now.from);
    uint32_t *places = now.places, *before = work, *last_of = work + count;
    uint32_t length = 0;

    // last_of[n] is where the best subsequence of n + 1 items ends, before[i] the item before i in its own.
    for (uint32_t i = 0; i < count; i++) {
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
    for (uint32_t i = count; i-- > 0;) {
        if (length && i == next) {
            next = before[i];
            length--;
        } else {
            places[i] = 0;
        }
    }
}

// Puts each run of controls that are new or move in front of the next one that stays.
static void place_all(void)
{
    size_t count = now.to - now.from;

    for (size_t from = 0, to; from < count; from = to + 1) {
        for (to = from; to < count && !now.places[to]; to++)
            ;
        for (; from < to; from++)
            kp__place(now.container, now.rows[from], to < count ? now.rows[to] : now.after);
    }
}

// --- The call

// Makes room for what is not the same at both ends. Returns KP_EINVAL when there is what is no item.
static int gather(kp__control *child)
{
    size_t count = now.to - now.from;

    for (kp__control *each = child; each != now.after; each = next_of(each), now.old_count++)
        if (each->kind->id != KP__KIND_ITEM)
            return kp__misuse("kp_set_items",
                              KP__CAUSE("the container has other children; give the items one of their own"));
    size_t pointers = (count + now.old_count) * sizeof(kp__control *), numbers = count * sizeof(uint32_t);
    if (!(now.memory = malloc(pointers + 3 * numbers + 1)))
        return KP_ENOMEM;
    memset(now.memory, 0, pointers + numbers);
    now.rows = now.memory;
    now.old = now.rows + count;
    now.places = (uint32_t *)(void *)(now.old + now.old_count);
    for (uint32_t i = 0; child != now.after; child = next_of(child))
        now.old[i++] = child;
    return 0;
}

// Lets the children from `child` on show the items between those that are the same at both ends.
static int change_between(kp__control *child, bool all)
{
    int code = gather(child);

    // Where no item is new, all are known by keys that differ.
    if (code == 0 && now.from < now.to)
        code = match_by_key();
    if (code == 0) {
        send_away(all);
        code = make_new();
    }
    if (code < 0)
        return code;
    show_kept();
    show_changed();
    discard_gone();
    if (now.kept)
        choose_moving(now.places + (now.to - now.from));
    place_all();
    return 0;
}

static int change_items(void)
{
    kp__control *child = kp__control_at(now.container->first), *last = kp__control_at(now.container->last);

    for (; child && now.from < now.to && matches(child, now.from, &now.changed[0]); now.from++)
        child = next_of(child);
    for (; child && now.from < now.to && matches(last, now.to - 1, &now.changed[1]); now.to--) {
        child = child == last ? NULL : child;
        now.after = last;
        last = kp__control_at(last->previous);
    }
    if (is_swap(child, last)) {
        show_changed();
        kp__place(now.container, last, child);
        if (now.to - now.from > 2) // of two neighbours it is enough to move one
            kp__place(now.container, child, now.after);
    } else if (child || now.from < now.to) {
        return change_between(child ? child : now.after, child && !now.from && !now.after);
    } else {
        show_changed();
    }
    return 0;
}

static const char *why_not(const kp__control *container, const kp__items *items)
{
    if (!container->kind->container)
        return KP__CAUSE("this kind of control takes no children");
    if (items->count && !items->first)
        return KP__CAUSE("the items are NULL");
    if (items->count > KP__MOST_SLOTS)
        return KP__CAUSE("there are more items than controls can be");
    return NULL;
}

int kp__set_items(kp_control *handle, const kp__items *items, kp_view view)
{
    kp__control *container = kp__control_of(handle);

    if (kp__in_view())
        return kp__view_refuse(KP__CAUSE("a view cannot show items"));
    if (!container)
        return kp__stale("kp_set_items");
    const char *cause = why_not(container, items);
    if (cause)
        return kp__misuse("kp_set_items", cause);
    kp__clear_words(&now, sizeof now);
    now.container = container;
    now.first = items->first;
    now.count = now.to = items->count;
    now.size = items->size;
    now.key = items->key;
    now.key_size = items->key_size;
    now.view = view;
    int code = change_items();
    if (code < 0)
        kp__items_abandon();
    else
        forget();
    code = code ? code : now.code;
    kp__undo(); // which may show items too
    return code;
}
