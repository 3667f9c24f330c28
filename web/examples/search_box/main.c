// SPDX-License-Identifier: MIT
// A search box: it asks when the user has paused, and what is typed meanwhile cancels what was asked before.
#include <kapok.h>
#include <stdlib.h>
#include <string.h>

static kp_control *results;

static void show(const char *message)
{
    kp_clear(results);
    kp_add(results, kp_text(message));
}

// A line for each.
static void show_trees(char *trees)
{
    kp_clear(results);
    for (char *tree = strtok(trees, "\n"); tree; tree = strtok(NULL, "\n"))
        kp_add(results, kp_text(tree));
}

static int find(const char *text, char **answer)
{
    int result = kp_sleep(300);

    if (result == 0)
        KP_TIMEOUT(5000)
    result = kp_await("search", text, answer); // see functions.js
    return result;
}

static void search(kp_event *e)
{
    char *answer = NULL;
    int result = find(e->value, &answer);

    if (result == 0 && *e->value && !*answer)
        show("There is no such tree.");
    else if (result == 0)
        show_trees(answer);
    else if (result == KP_ETIMEDOUT)
        show("That takes too long. Try again later.");
    else if (result != KP_ECANCELED)
        show(answer);
    free(answer);
}

int main(void)
{
    kp_set_title(kp_page, "Search box");
    kp_add(kp_page, kp_text_field("Find a tree", .type = KP_TYPE_SEARCH, .autofocus = true,
                                  .on_input = search, .while_busy = KP_RESTART));
    kp_add(kp_page, results = kp_column(.gap = 4));
    return 0;
}
