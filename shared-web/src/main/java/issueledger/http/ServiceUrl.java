package issueledger.http;

import issueledger.startup.StartupFailure;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The address of the other service: as configured, by default its port on the request's host. */
public final class ServiceUrl {
    private final @Nullable URI configured;
    private final int port;

    private ServiceUrl(@Nullable URI configured, int port) {
        this.configured = configured;
        this.port = port;
    }

    /**
     * @param variable the variable that the value is of, for the sentence that refuses it
     * @param value empty for the default
     */
    public static ServiceUrl of(String variable, String value, int port) {
        if (value.isEmpty()) {
            return new ServiceUrl(null, port);
        }
        try {
            URI url = new URI(value);
            if (url.getScheme() != null
                    && List.of("http", "https").contains(url.getScheme().toLowerCase(Locale.ROOT))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return new ServiceUrl(url, port);
            }
        } catch (URISyntaxException e) {
            throw new StartupFailure(refused(variable, value) + ": " + e.getReason() + ".");
        }
        throw new StartupFailure(refused(variable, value) + ".");
    }

    private static String refused(String variable, String value) {
        return variable + "=" + value + " is not an http or https address without user, query and fragment";
    }

    /** Without a slash at its end. */
    public String base(HttpServletRequest request) {
        String path = configured == null ? "" : configured.getRawPath();
        return origin(request) + path.replaceFirst("/+$", "");
    }

    /** As a browser writes the origin of the service's pages (RFC 6454): lower case, without the scheme's own port. */
    public String origin(HttpServletRequest request) {
        return configured == null
                ? origin(request.getScheme(), request.getServerName(), port)
                : origin(configured.getScheme(), configured.getHost(), configured.getPort());
    }

    private static String origin(String scheme, String host, int port) {
        String origin = (scheme + "://" + host).toLowerCase(Locale.ROOT);
        boolean isDefault = port < 0 || port == (origin.startsWith("https:") ? 443 : 80);
        return isDefault ? origin : origin + ":" + port;
    }
}
