package issueledger.web;

import issueledger.http.ServiceUrl;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets the page of the query service, and no page of another origin, read the answers of this service (CORS, in the Fetch standard).
 * The filter answers the page's preflights before tokens are asked for: a browser sends none with them.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
class PageOrigin extends OncePerRequestFilter {
    private static final String REQUEST_HEADERS =
            "Authorization, Content-Type, If-Match, Idempotency-Key, X-Actor, Prefer";
    private static final String ANSWER_HEADERS = "ETag, Location, Ledger-Position, Idempotent-Replayed, Retry-After";
    private static final String SECONDS = "600";

    private final ServiceUrl queries;

    PageOrigin(ServiceUrl queries) {
        this.queries = queries;
    }

    private boolean isOfThePage(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        return origin != null && origin.equals(queries.origin(request));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean isPreflight =
                request.getMethod().equals("OPTIONS") && request.getHeader("Access-Control-Request-Method") != null;
        if (!isPreflight || !isOfThePage(request)) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST");
        response.setHeader("Access-Control-Allow-Headers", REQUEST_HEADERS);
        response.setHeader("Access-Control-Max-Age", SECONDS);
        response.setStatus(HttpStatus.NO_CONTENT.value());
    }

    /** The headers of every answer, also of one that admission refuses: the page shows its reason. */
    @Component
    @Order(Ordered.HIGHEST_PRECEDENCE)
    static final class Headers extends ValveBase implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
        private final PageOrigin page;

        Headers(PageOrigin page) {
            super(true);
            this.page = page;
        }

        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.addEngineValves(this);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            response.addHeader("Vary", "Origin");
            if (page.isOfThePage(request)) {
                response.setHeader("Access-Control-Allow-Origin", request.getHeader("Origin"));
                response.setHeader("Access-Control-Expose-Headers", ANSWER_HEADERS);
            }
            getNext().invoke(request, response);
        }
    }
}
