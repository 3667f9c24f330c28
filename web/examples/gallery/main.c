// SPDX-License-Identifier: MIT
// Every control at work: a form that answers, and a panel that changes how the page looks.
#include <kapok.h>
#include <string.h>

static kp_control *email, *terms, *order, *answer, *progress;

static void say(const char *text)
{
    kp_set_value(answer, text);
}

static void check_email(kp_event *e)
{
    kp_set_error(email, strchr(e->value, '@') || !*e->value ? NULL : "An address has an @ in it.");
}

static void agree(kp_event *e)
{
    kp_set_disabled(order, !e->checked);
}

// It takes its time, and the page stays alive: other buttons work, and so does the one to cancel.
static void place_order(kp_event *e)
{
    char address[100];

    kp_get_value(email, address, sizeof address);
    kp_set_busy(e->control, true);
    for (int percent = 0; percent <= 100; percent += 5) {
        kp_set_fraction(progress, percent / 100.0);
        if (kp_sleep(100) < 0)
            return;
    }
    kp_set_busy(e->control, false);
    kp_set_valuef(answer, "Thank you. A letter is on its way to %s.", *address ? address : "nowhere");
}

static void press_card(kp_event *e)
{
    (void)e;
    say("The card was pressed.");
}

static void set_hue(kp_event *e)
{
    kp_set_hue(kp_page, *(int *)kp_state(e->control));
}

static void set_theme(kp_event *e)
{
    kp_set_theme(kp_page, *(kp_theme *)kp_state(e->control));
}

static kp_control *hue_button(const char *label, int hue)
{
    return kp_button(label, .variant = KP_VARIANT_TONAL, .on_click = set_hue, .state = KP_STATE(int, hue));
}

static kp_control *theme_button(const char *label, kp_theme theme)
{
    return kp_button(label, .variant = KP_VARIANT_OUTLINED, .on_click = set_theme,
                     .state = KP_STATE(kp_theme, theme));
}

static kp_control *section(const char *title, kp_control *content)
{
    return kp_container(.background = KP_COLOR_SURFACE_CONTAINER, .padding = 24, .radius = 16,
                        .children = kp_list(
                            kp_column(.gap = 16, .children = kp_list(kp_text(title, .level = 2), content))));
}

static kp_control *form(void)
{
    email = kp_text_field("Email", .type = KP_TYPE_EMAIL, .placeholder = "you@example.org",
                          .autocomplete = "email", .required = true, .on_change = check_email,
                          .help = "We write to you once.");
    terms = kp_checkbox("I have read the terms", .on_change = agree);
    order = kp_button("Order", .disabled = true, .on_click = place_order);
    progress = kp_progress(.aria_label = "Progress of the order");
    answer = kp_text(.color = KP_COLOR_ON_SURFACE_VARIANT);
    return kp_column(.gap = 16,
                     .children = kp_list(
                         kp_row(.gap = 16, .wrap = true,
                                .children = kp_list(email, kp_text_field("Password", .type = KP_TYPE_PASSWORD,
                                                                         .autocomplete = "new-password"))),
                         kp_text_field("Notes", .multiline = true, .rows = 3, .width = 320), terms, order,
                         progress, answer));
}

static kp_control *buttons(void)
{
    return kp_row(.gap = 12, .wrap = true, .align = KP_ALIGN_CENTER,
                  .children =
                      kp_list(kp_button("Filled"), kp_button("Tonal", .variant = KP_VARIANT_TONAL),
                              kp_button("Elevated", .variant = KP_VARIANT_ELEVATED),
                              kp_button("Outlined", .variant = KP_VARIANT_OUTLINED),
                              kp_button("Text", .variant = KP_VARIANT_TEXT),
                              kp_button("Disabled", .disabled = true), kp_button("Busy", .busy = true)));
}

static kp_control *texts(void)
{
    return kp_column(.gap = 8, .children = kp_list(
                                   kp_text("Larger, bold and in color", .size = 28, .weight = 700,
                                           .color = KP_COLOR_PRIMARY),
                                   kp_text("A paragraph in italics, with a serif face, that goes on until "
                                           "the line is full and then some.",
                                           .italic = true, .font = KP_FONT_SERIF),
                                   kp_text("int main(void) { return 0; }", .font = KP_FONT_MONO),
                                   kp_link("Where C comes from",
                                           .url = "https://en.wikipedia.org/wiki/C_(programming_language)",
                                           .new_tab = true)));
}

static kp_control *cards(void)
{
    return kp_row(.gap = 16, .wrap = true, .align = KP_ALIGN_STRETCH,
                  .children = kp_list(
                      kp_container(.border = 1, .radius = 12, .padding = 16, .expand = 1, .min_width = 200,
                                   .children = kp_list(kp_text("Outlined", .level = 3),
                                                       kp_text("A line around it."))),
                      kp_container(.shadow = 2, .background = KP_COLOR_SURFACE_CONTAINER_HIGH, .radius = 12,
                                   .padding = 16, .expand = 1, .min_width = 200,
                                   .children =
                                       kp_list(kp_text("Raised", .level = 3), kp_text("A shadow below it."))),
                      kp_container(.background = KP_COLOR_PRIMARY_CONTAINER,
                                   .color = KP_COLOR_ON_PRIMARY_CONTAINER, .radius = 12, .padding = 16,
                                   .expand = 1, .min_width = 200, .on_click = press_card,
                                   .children = kp_list(kp_text("To press", .weight = 500),
                                                       kp_text("It is a button.")))));
}

static kp_control *header(void)
{
    return kp_column(.gap = 16, .landmark = KP_LANDMARK_HEADER,
                     .children = kp_list(
                         kp_row(.gap = 16, .align = KP_ALIGN_CENTER,
                                .children = kp_list(kp_image("assets/leaf.svg", .width = 48, .height = 48),
                                                    kp_text("Gallery", .level = 1))),
                         kp_row(.gap = 8, .wrap = true,
                                .children =
                                    kp_list(theme_button("System", KP_THEME_SYSTEM),
                                            theme_button("Light", KP_THEME_LIGHT),
                                            theme_button("Dark", KP_THEME_DARK), kp_divider(.vertical = true),
                                            hue_button("Green", 160), hue_button("Blue", 260),
                                            hue_button("Violet", 310), hue_button("Orange", 50)))));
}

int main(void)
{
    kp_control *busy = kp_progress(.busy = true, .aria_label = "Something goes on");

    kp_set_title(kp_page, "Gallery");
    kp_add(kp_page, header());
    kp_add(kp_page, kp_column(.gap = 16, .landmark = KP_LANDMARK_MAIN,
                              .children = kp_list(section("Form", form()), section("Buttons", buttons()),
                                                  section("Text", texts()), section("Cards", cards()),
                                                  section("Waiting", busy))));
    return 0;
}
