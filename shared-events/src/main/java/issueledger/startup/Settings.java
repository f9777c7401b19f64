package issueledger.startup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The validated configuration of a service. An unset variable has its default, and an empty one counts as unset; texts without a default
 * are empty.
 *
 * @param diskMegabytes free space of the data directory's disk below which health is degraded
 * @param trustedProxies networks ({@code 10.0.0.0/8}, of one address {@code 10.0.0.7/32}) whose {@code X-Forwarded-*} headers count
 */
public record Settings(
        Path dataDirectory,
        String mongodbUri,
        int commandPort,
        int queryPort,
        String bind,
        String queryUrl,
        String commandUrl,
        String jwtIssuer,
        String jwkSetUri,
        String jwtAudience,
        String rolesClaim,
        boolean allowUnauthenticated,
        boolean transparencyIsPublic,
        boolean commandLog,
        boolean demo,
        int refusalsDays,
        int diskMegabytes,
        List<String> trustedProxies) {

    /** The profile that writes the log as JSON. */
    public static final String JSON_LOGS = "json-logs";

    private static final List<String> PROFILES = List.of(JSON_LOGS);

    private static final Pattern SERVICE_LINK =
            Pattern.compile("ISSUE_LEDGER_PORT|.*_SERVICE_(HOST|PORT(_.*)?)|.*_PORT_\\d+_(TCP|UDP|SCTP).*");

    private static final int LEAST_HEAP = 256;
    private static final int MOST_HEAP = 1 << 20;
    private static final int MOST_DISK = 999_999_999;

    /** True if requests need tokens. */
    public boolean hasTokens() {
        return !jwtIssuer.isEmpty() || !jwkSetUri.isEmpty();
    }

    public boolean isOnMongo() {
        return !mongodbUri.isEmpty();
    }

    /**
     * Reads and validates an environment, as {@code ./run} has it.
     *
     * @throws StartupFailure with a sentence for each mistake
     */
    public static Settings of(Map<String, String> environment) {
        String profiles = environment.getOrDefault("SPRING_PROFILES_ACTIVE", "");
        return of(
                environment.keySet(),
                variable -> environment.get(variable.variable()),
                Arrays.stream(profiles.split(","))
                        .map(String::strip)
                        .filter(profile -> !profile.isEmpty())
                        .toList());
    }

    /**
     * Validates names, values and profiles, and the values that exclude each other.
     *
     * @param names of all environment variables
     * @throws StartupFailure with a sentence for each mistake
     */
    static Settings of(
            Collection<String> names, Function<Variable, @Nullable String> values, Collection<String> profiles) {
        Reading reading = new Reading(values);
        names(names).forEach(reading.mistakes::add);
        profiles(profiles).forEach(reading.mistakes::add);
        Settings settings = new Settings(
                reading.path(Variable.DATA_DIR),
                reading.text(Variable.MONGODB_URI),
                reading.port(Variable.COMMAND_PORT),
                reading.port(Variable.QUERY_PORT),
                reading.bind(),
                reading.url(Variable.QUERY_URL),
                reading.url(Variable.COMMAND_URL),
                reading.url(Variable.JWT_ISSUER),
                reading.url(Variable.JWK_SET_URI),
                reading.text(Variable.JWT_AUDIENCE),
                reading.text(Variable.ROLES_CLAIM),
                reading.flag(Variable.ALLOW_UNAUTHENTICATED),
                reading.flag(Variable.TLOG_PUBLIC),
                reading.flag(Variable.COMMAND_LOG),
                reading.flag(Variable.DEMO),
                reading.number(Variable.REFUSALS_DAYS, "days", 1, 99_999),
                reading.number(Variable.DISK_MB, "megabytes", 0, MOST_DISK),
                reading.networks());
        reading.number(Variable.HEAP_MB, "megabytes", LEAST_HEAP, MOST_HEAP);
        settings.combinations(reading);
        if (!reading.mistakes.isEmpty()) {
            throw new StartupFailure(String.join(" ", reading.mistakes));
        }
        return settings;
    }

    /** @throws StartupFailure if a variable is not known */
    public static void requireKnown(Collection<String> names) {
        List<String> mistakes = names(names);
        if (!mistakes.isEmpty()) {
            throw new StartupFailure(String.join(" ", mistakes));
        }
    }

    private static List<String> names(Collection<String> names) {
        return new TreeSet<>(names)
                .stream().filter(Variable::isUnknown).map(Settings::unknown).toList();
    }

    private static String unknown(String name) {
        return name + " is no variable of Issue Ledger; the nearest one is " + Variable.nearest(name) + "."
                + (SERVICE_LINK.matcher(name).matches()
                        ? " Kubernetes sets such a name for each service unless the pod says enableServiceLinks: false."
                        : "");
    }

    private static List<String> profiles(Collection<String> profiles) {
        return profiles.stream()
                .filter(profile -> !PROFILES.contains(profile))
                .map(profile -> "SPRING_PROFILES_ACTIVE=" + profile + " is no profile of Issue Ledger; the nearest one"
                        + " is " + Nearest.of(profile, PROFILES) + ".")
                .toList();
    }

    private void combinations(Reading reading) {
        if (commandPort == queryPort && commandPort > 0) {
            reading.mistakes.add("ISSUE_LEDGER_COMMAND_PORT and ISSUE_LEDGER_QUERY_PORT are both " + commandPort
                    + ": each service needs a port of its own.");
        }
        if (!jwtAudience.isEmpty() && !hasTokens()) {
            reading.mistakes.add("ISSUE_LEDGER_JWT_AUDIENCE is set, and nobody is asked for a token: set"
                    + " ISSUE_LEDGER_JWT_ISSUER or ISSUE_LEDGER_JWK_SET_URI too.");
        }
    }

    /** Reads one value after the other, and collects what is wrong with them. */
    private static final class Reading {
        private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");
        private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");
        private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
        private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

        private final Function<Variable, @Nullable String> values;
        private final List<String> mistakes = new ArrayList<>();

        Reading(Function<Variable, @Nullable String> values) {
            this.values = values;
        }

        String text(Variable variable) {
            String value = values.apply(variable);
            return value == null || value.isBlank() ? variable.fallback() : value;
        }

        private void refuse(Variable variable, String value, String why) {
            String shown = value.replaceAll("//[^/@]*@", "//…@"); // A password may stand there.
            mistakes.add(variable.variable() + "=" + shown + " " + why + ".");
        }

        Path path(Variable variable) {
            String value = text(variable);
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                refuse(variable, value, "is no path");
                return Path.of(variable.fallback());
            }
        }

        /** The number, or the least one where there is none. */
        int number(Variable variable, String of, int from, int to) {
            String value = text(variable);
            if (DIGITS.matcher(value).matches()) {
                int number = Integer.parseInt(value);
                if (number >= from && number <= to) {
                    return number;
                }
            }
            refuse(
                    variable,
                    value,
                    "is no number of " + of + " from " + from + " to " + to + ", such as " + variable.fallback());
            return from;
        }

        /** The port, or 0 where there is none. */
        int port(Variable variable) {
            String value = text(variable);
            if (DIGITS.matcher(value).matches()) {
                int port = Integer.parseInt(value);
                if (port >= 1 && port <= 65_535) {
                    return port;
                }
            }
            refuse(variable, value, "is no port from 1 to 65535, such as " + variable.fallback());
            return 0;
        }

        boolean flag(Variable variable) {
            String value = text(variable);
            if (!value.equals("true") && !value.equals("false")) {
                refuse(variable, value, "is neither true nor false");
            }
            return value.equals("true");
        }

        String url(Variable variable) {
            String value = text(variable);
            if (value.isEmpty()) {
                return value;
            }
            boolean isBase = variable == Variable.QUERY_URL || variable == Variable.COMMAND_URL;
            String wrong = "is not an http or https address" + (isBase ? " without user, query and fragment" : "");
            try {
                URI uri = new URI(value);
                String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
                boolean isPlain =
                        uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
                if (!List.of("http", "https").contains(scheme) || uri.getHost() == null || (isBase && !isPlain)) {
                    refuse(variable, value, wrong);
                } else if (uri.getPort() > 65_535 || uri.getPort() == 0) {
                    refuse(variable, value, "has no port from 1 to 65535");
                }
            } catch (URISyntaxException e) {
                refuse(variable, value, wrong + ": " + e.getReason());
            }
            return value;
        }

        String bind() {
            String value = text(Variable.BIND);
            if (NUMERIC.matcher(value).matches() && !IPV4.matcher(value).matches()) {
                refuse(Variable.BIND, value, "is not an address of this machine");
                return Variable.BIND.fallback();
            }
            try (ServerSocket bound = new ServerSocket(0, 1, InetAddress.getByName(value))) {
                if (bound.isBound()) {
                    return value;
                }
            } catch (IOException e) {
                // Refused below.
            }
            refuse(Variable.BIND, value, "is not an address of this machine");
            return Variable.BIND.fallback();
        }

        List<String> networks() {
            String value = text(Variable.TRUSTED_PROXIES);
            List<String> networks = Arrays.stream(value.split(","))
                    .map(String::strip)
                    .filter(network -> !network.isEmpty())
                    .toList();
            networks.stream()
                    .filter(network -> !isNetwork(network))
                    .forEach(network -> refuse(
                            Variable.TRUSTED_PROXIES,
                            value,
                            "names " + network + ", which is neither an IP address nor a network such as 10.0.0.0/8"));
            return networks.stream()
                    .map(network ->
                            network.contains("/") ? network : network + (network.contains(":") ? "/128" : "/32"))
                    .toList();
        }

        private static boolean isNetwork(String network) {
            int slash = network.indexOf('/');
            String address = slash < 0 ? network : network.substring(0, slash);
            boolean v4 = IPV4.matcher(address).matches();
            if (!v4 && !isIpv6(address)) {
                return false;
            }
            String bits = slash < 0 ? "0" : network.substring(slash + 1);
            return DIGITS.matcher(bits).matches() && Integer.parseInt(bits) <= (v4 ? 32 : 128);
        }

        /** Only hex digits and colons are looked up, so that no name server is asked. */
        private static boolean isIpv6(String address) {
            if (!address.contains(":") || !address.matches("[0-9a-fA-F:.]+")) {
                return false;
            }
            try {
                return InetAddress.getByName(address) != null;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
