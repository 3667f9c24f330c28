// SPDX-License-Identifier: MIT
// Mounts and unmounts controls with all that can hang on them, as often as the page says, and then tells what
// memory is in use.
#include <kapok.h>
#include <stdlib.h>

static kp_flag never;
static kp_control *shelf; // always there

// --- What the controls do while they are mounted: wait, each for something else

static void give_back(void *memory)
{
    free(memory);
}

static void sleeps(kp_event *e)
{
    kp_defer(give_back, malloc(100));
    while (kp_sleep(1000) == 0)
        kp_set_label(e->control, "still there");
}

static void awaits(kp_event *e)
{
    char *answer;

    if (kp_await("never", kp_state(e->control), &answer) == 0)
        free(answer);
}

static int works(void *argument)
{
    return kp_flag_wait(argument);
}

static void starts_tasks(kp_event *e)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_chan *channel = kp_chan_new(group, sizeof(int), 1);
    int item;

    (void)e;
    kp_go(group, works, .argument = &never);
    kp_go(group, works, .argument = &never);
    kp_recv(channel, &item);
    kp_group_wait(group);
}

static void says_farewell(kp_event *e)
{
    kp_set_value(e->control, "bye");
    kp_sleep(0);
}

static void ignores(kp_event *e)
{
    (void)e;
}

// --- Ten controls

static kp_control *plant(int number)
{
    kp_control *texts =
        kp_row(.gap = 8,
               .children = kp_list(kp_text("a leaf", .size = 20, .on_unmount = says_farewell),
                                   kp_link("a link", .url = "#x", .on_click = ignores), kp_divider()));
    kp_control *fields =
        kp_column(.children =
                      kp_list(kp_text_field("Name", .value = "née", .error = "no", .on_input = ignores,
                                            .on_change = ignores, .on_focus = ignores),
                              kp_checkbox("Ripe", .checked = true, .on_change = ignores),
                              kp_progress(.fraction = 0.5)));

    kp_set_labelf(kp_first_child(fields), "Name %d", number);
    return kp_container(.padding = 8, .on_click = ignores, .on_mount = awaits, .state = KP_STATE(char, 'x'),
                        .children = kp_list(
                            kp_button("grow", .on_click = ignores, .on_mount = sleeps, .on_unmount = ignores),
                            texts, fields));
}

#define PLANTS 10 // controls in a plant

static void live_and_die(int number)
{
    kp_control *one = plant(number), *other = plant(number), *unseen = plant(number);

    kp_on_mount(other, starts_tasks);
    kp_add(shelf, one);
    kp_insert(shelf, other, one);
    kp_yield();
    kp_insert(shelf, one, other);
    kp_focus(kp_first_child(one));
    kp_remove(unseen);
    if (number % 2) {
        kp_remove(one);
        kp_remove(other);
    } else {
        kp_clear(shelf);
    }
    kp_yield();
}

int main(void)
{
    kp_add(kp_page, shelf = kp_column());
    for (;;) {
        char *answer;
        if (kp_await("pause", NULL, &answer) < 0)
            return 1;
        int mounts = atoi(answer);
        free(answer);
        for (int done = 0; done < mounts; done += 2 * PLANTS)
            live_and_die(done / (2 * PLANTS));
        for (int i = 0; i < 10; i++)
            kp_sleep(1); // until the last task has ended
        kp_dump();
    }
}
