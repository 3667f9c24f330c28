// SPDX-License-Identifier: MIT
// What takes a format. Did a compile error bring you here? Then look at the arguments of that call: they are
// as for printf.
#ifndef KP__FORMAT_SETTERS_H
#define KP__FORMAT_SETTERS_H

// Two ways to format. The second brings libc's printf into the page, so it is taken only where an
// argument is a floating-point number: KP__ANY_FLOAT is a constant, and the other branch vanishes.
// Compilers check the arguments of both, so one of the two declarations asks them to.
int kp__set_formatted(kp_control *control, const kp__property *property, const char *format, ...);
int kp__set_formatted_float(kp_control *control, const kp__property *property, const char *format, ...)
    KP__FORMAT(3, 4);

#ifdef __cplusplus
#define KP__SET_FORMATTED(...) kp__set_formatted_float(__VA_ARGS__)
#else
#define KP__SET_FORMATTED(control, property, ...)                                         \
    (KP__ANY_FLOAT(__VA_ARGS__) ? kp__set_formatted_float(control, property, __VA_ARGS__) \
                                : kp__set_formatted(control, property, __VA_ARGS__))
#endif

// Like snprintf, which it brings into the page only where an argument is a floating-point number.
int kp__format_text(char *buffer, size_t size, const char *format, ...);
#ifdef __cplusplus
#define kp_format(...) kp__format_float(__VA_ARGS__)
#else
#define kp_format(buffer, size, ...)                                          \
    (KP__ANY_FLOAT(__VA_ARGS__) ? kp__format_float(buffer, size, __VA_ARGS__) \
                                : kp__format_text(buffer, size, __VA_ARGS__))
#endif
int kp__format_float(char *buffer, size_t size, const char *format, ...) KP__FORMAT(3, 4);

// The first is the format. Shorter lists are filled up with KP__NO, longer ones count as having a
// floating-point argument, which is always right, if not always needed.
#define KP__ANY_FLOAT(...)                                                                              \
    KP__ANY_FLOAT_(__VA_ARGS__, KP__NO, KP__NO, KP__NO, KP__NO, KP__NO, KP__NO, KP__NO, KP__NO, KP__NO, \
                   KP__NO, KP__NO, KP__NO, KP__NO, KP__NO, KP__NO, KP__NO, KP__NO, KP__NO)
#define KP__ANY_FLOAT_(format, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, more, ...)           \
    (KP__IS_FLOAT(a) || KP__IS_FLOAT(b) || KP__IS_FLOAT(c) || KP__IS_FLOAT(d) || KP__IS_FLOAT(e) || \
     KP__IS_FLOAT(f) || KP__IS_FLOAT(g) || KP__IS_FLOAT(h) || KP__IS_FLOAT(i) || KP__IS_FLOAT(j) || \
     KP__IS_FLOAT(k) || KP__IS_FLOAT(l) || KP__IS_FLOAT(m) || KP__IS_FLOAT(n) || KP__IS_FLOAT(o) || \
     KP__IS_FLOAT(p) || _Generic(KP__RVALUE(more), kp__no * : 0, default : 1))

typedef struct kp__no kp__no;
#define KP__NO ((kp__no *)0)

#define KP__IS_FLOAT(x) _Generic(KP__RVALUE(x), float : 1, double : 1, long double : 1, default : 0)

// A value of x's type without x itself: clang warns of `i++` where it is not evaluated.
#ifdef __GNUC__
#define KP__RVALUE(x) ((__typeof__(0 ? (x) : (x)))0)
#else
#define KP__RVALUE(x) (x)
#endif

#endif
