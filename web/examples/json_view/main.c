// SPDX-License-Identifier: MIT
// Parses a file that is part of the program with cJSON and shows it as a tree. A file that is not
// JSON is reported with line and column.
#include <cjson/cJSON.h>
#include <kapok.h>
#include <stdio.h>

static kp_control *view;

static kp_control *line_for(const char *name, const cJSON *item)
{
    kp_control *line = kp_text(.font = KP_FONT_MONO);

    if (cJSON_IsString(item))
        kp_set_valuef(line, "%s: “%s”", name, item->valuestring);
    else if (cJSON_IsNumber(item))
        kp_set_valuef(line, "%s: %g", name, item->valuedouble);
    else if (cJSON_IsBool(item))
        kp_set_valuef(line, "%s: %s", name, cJSON_IsTrue(item) ? "true" : "false");
    else if (cJSON_IsNull(item))
        kp_set_valuef(line, "%s: null", name);
    else
        kp_set_valuef(line, cJSON_IsArray(item) ? "%s [%d]" : "%s {%d}", name, cJSON_GetArraySize(item));
    return line;
}

// What has no name is an element of a list, and named by its place in it.
static void show(kp_control *parent, const char *name, const cJSON *item)
{
    const cJSON *child;
    int place = 0;

    kp_add(parent, line_for(name, item));
    if (!cJSON_IsArray(item) && !cJSON_IsObject(item))
        return;
    kp_control *children = kp_column(.gap = 4);
    kp_add(parent, kp_row(.children = kp_list(kp_container(.width = 24), children)));
    cJSON_ArrayForEach (child, item) {
        char number[12];

        snprintf(number, sizeof number, "%d", place++);
        show(children, child->string ? child->string : number, child);
    }
}

static void show_error(const kp_file *file, const char *at)
{
    kp_control *message = kp_text(.color = KP_COLOR_ERROR, .font = KP_FONT_MONO);
    int line = 1, column = 1;

    for (const char *c = file->bytes; c < at; c++) {
        column = *c == '\n' ? 1 : column + 1;
        line += *c == '\n';
    }
    kp_set_valuef(message, "%s:%d:%d: this is not JSON", file->path, line, column);
    kp_add(view, message);
}

static void open_file(const char *path)
{
    const kp_file *file = kp_file_find(path);
    const char *end = NULL;

    kp_clear(view);
    if (!file) {
        kp_add(view, kp_text("The file is not part of this program."));
        return;
    }
    cJSON *root = cJSON_ParseWithLengthOpts(file->bytes, file->size, &end, false);
    if (root)
        show(view, path, root);
    else
        show_error(file, end);
    cJSON_Delete(root);
}

static void open_planets(kp_event *e)
{
    (void)e;
    open_file("planets.json");
}

static void open_broken(kp_event *e)
{
    (void)e;
    open_file("broken.json");
}

int main(void)
{
    kp_set_title(kp_page, "JSON view");
    kp_add(kp_page, kp_row(.gap = 8, .wrap = true,
                           .children = kp_list(kp_button("planets.json", .on_click = open_planets),
                                               kp_button("broken.json", .on_click = open_broken))));
    kp_add(kp_page, view = kp_column(.gap = 4));
    open_file("planets.json");
    return 0;
}
