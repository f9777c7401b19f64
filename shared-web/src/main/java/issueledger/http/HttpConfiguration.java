package issueledger.http;

import issueledger.events.EventJson;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Wires the edge of HTTP; both services import it. */
@Configuration(proxyBeanMethods = false)
@Import({Problems.class, ProblemPages.class, TemplatePage.class, TraceIds.class, Loopback.class})
public class HttpConfiguration implements WebMvcConfigurer {
    static final String NOSNIFF = "X-Content-Type-Options";

    /** With a segment that is empty or of dots alone, be it escaped or before a parameter. */
    private static final Pattern ODD_PATH = Pattern.compile("/(\\.|%2[eE])*(;[^/]*)?/|/(\\.|%2[eE])+(;[^/]*)?$");

    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new StrictParameters()).order(0);
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new QueryParameters.Resolver());
    }

    /** Spring passes by that a quality of 0 means "not this", and writes JSON in no other charset than UTF-8. */
    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
        configurer.strategies(List.of(request -> {
            List<MediaType> wanted = new ArrayList<>(accepted(request));
            wanted.removeIf(type -> type.getQualityValue() <= 0);
            if (wanted.isEmpty()) {
                throw new HttpMediaTypeNotAcceptableException(
                        "every type has a quality of 0 or another charset than UTF-8");
            }
            MimeTypeUtils.sortBySpecificity(wanted);
            return wanted;
        }));
    }

    private static List<MediaType> accepted(NativeWebRequest request) throws HttpMediaTypeNotAcceptableException {
        try {
            return Headers.accepted(Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)));
        } catch (InvalidMediaTypeException e) {
            throw new HttpMediaTypeNotAcceptableException("Accept is no list of media ranges");
        }
    }

    /** The container does not decode a path's parameters; Spring does, and fails outside of its handlers. */
    @Bean
    FilterRegistrationBean<Filter> badEscapesInPaths() {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
            HttpServletRequest asked = (HttpServletRequest) request;
            if (BAD_ESCAPE.matcher(asked.getRequestURI()).find()) {
                Problems.write(
                        Problem.malformed("The path has a bad percent escape."), asked, (HttpServletResponse) response);
            } else {
                chain.doFilter(request, response);
            }
        });
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        registration.addUrlPatterns("/*");
        return registration;
    }

    @Bean
    JsonMapper jsonMapper() {
        return EventJson.MAPPER;
    }

    /** No browser is to take an answer for anything but what its type says: issues hold what anybody wrote. */
    @Bean
    FilterRegistrationBean<Filter> nosniff() {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
            ((HttpServletResponse) response).setHeader(NOSNIFF, "nosniff");
            chain.doFilter(request, response);
        });
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /**
     * The actuator's own 404s have no body, and a path with dots or doubled slashes behind its health makes it fail: no such path leads
     * anywhere.
     */
    @Bean
    FilterRegistrationBean<Filter> problemsOfTheActuator() {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
            HttpServletRequest asked = (HttpServletRequest) request;
            HttpServletResponse answer = (HttpServletResponse) response;
            if (!asked.getRequestURI().startsWith("/actuator/")) {
                chain.doFilter(request, response);
                return;
            }
            boolean odd = ODD_PATH.matcher(asked.getRequestURI()).find();
            if (!odd) {
                chain.doFilter(request, response);
            }
            if (odd || (answer.getStatus() == 404 && answer.getContentType() == null)) {
                Problems.write(Problems.plain(404), asked, answer);
            }
        });
        registration.addUrlPatterns("/*"); // The container maps by the normalised path, Spring by the given one.
        return registration;
    }

    /** Requests that the connector refuses never reach Spring; a valve answers them with problems. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsOfTheConnector() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ConnectorProblems.class.getName());
            }
        });
    }
}
