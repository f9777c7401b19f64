package issueledger.access;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A token's role; the permissions of several roles add up. */
public enum Role {
    REPORTER,
    ENGINEER,
    ANALYST,
    AUDITOR,
    OPERATOR;

    private static final Set<String> COMMANDS_OF_A_REPORTER = Set.of("open-issue", "record-note");

    /** The name in a token. */
    public String claim() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @param command its name in paths, like {@code record-note} */
    boolean mayCommand(String command) {
        return this == ENGINEER || (this == REPORTER && COMMANDS_OF_A_REPORTER.contains(command));
    }

    boolean mayDryRun() {
        return this == ENGINEER;
    }

    /**
     * The roles that a token gives: strings in a list, or one with blanks between them as in {@code scope} (RFC 8693). Unknown
     * names are ignored.
     *
     * @param path the claim's name; if no claim has this name, dots lead into nested objects
     */
    static Set<Role> in(Map<String, Object> claims, String path) {
        Object found = claims.containsKey(path) ? claims.get(path) : nested(claims, path);
        Stream<?> given = switch (found) {
            case String text -> Arrays.stream(text.split(" "));
            case Collection<?> list -> list.stream();
            case null, default -> Stream.empty();
        };
        List<?> names = given.toList();
        return Arrays.stream(values())
                .filter(role -> names.contains(role.claim()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
    }

    private static @Nullable Object nested(Map<String, Object> claims, String path) {
        Object at = claims;
        for (String name : path.split("\\.")) {
            at = at instanceof Map<?, ?> object ? object.get(name) : null;
        }
        return at;
    }
}
