package issueledger.http;

import issueledger.startup.Settings;
import issueledger.startup.StartupFailure;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Without tokens the service trusts whoever is on this machine, so it listens on loopback alone, and refuses names that a web page
 * could point there (DNS rebinding) and requests that a web page sends there.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
public class Loopback extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(Loopback.class);
    private static final Pattern IPV4_LOOPBACK = Pattern.compile("127(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");

    private final boolean guarded;

    public Loopback(Settings settings) {
        String bind = settings.bind();
        boolean onLoopback = isLoopback(bind);
        boolean tokens = settings.hasTokens();
        this.guarded = onLoopback && !tokens;
        if (onLoopback || tokens) {
            return;
        }
        if (!settings.allowUnauthenticated()) {
            throw new StartupFailure(
                    "ISSUE_LEDGER_BIND=" + bind + " is not a loopback address and nobody is asked for a token: set"
                            + " ISSUE_LEDGER_JWT_ISSUER or ISSUE_LEDGER_JWK_SET_URI, or"
                            + " ISSUE_LEDGER_ALLOW_UNAUTHENTICATED=true if whoever can reach it"
                            + " may do everything.");
        }
        LOG.warn("Listening on {} without authentication: whoever can reach it may do everything.", bind);
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new StartupFailure("ISSUE_LEDGER_BIND=" + address + " is not an address of this machine.");
        }
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (guarded && !isLoopbackName(request.getServerName())) {
            Problems.write(
                    Problem.malformedParameter("Host", "must name a loopback address: localhost, 127.0.0.1 or [::1]"),
                    request,
                    response);
            return;
        }
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        if (guarded && !origins.stream().allMatch(origin -> isLoopbackName(hostOf(origin)))) {
            Problems.write(
                    new Problem(ProblemType.FORBIDDEN, "Web pages of other hosts may not send requests here."),
                    request,
                    response);
            return;
        }
        chain.doFilter(request, response);
    }

    private static @Nullable String hostOf(String origin) {
        try {
            return URI.create(origin).getHost();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static boolean isLoopbackName(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals("[::1]")
                || name.equals("::1")
                || name.equals("[0:0:0:0:0:0:0:1]")
                || IPV4_LOOPBACK.matcher(name).matches();
    }
}
