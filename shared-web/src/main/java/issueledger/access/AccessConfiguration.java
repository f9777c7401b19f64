package issueledger.access;

import com.nimbusds.jose.JWSObject;
import issueledger.admission.AdmissionValve;
import issueledger.admission.Overloaded;
import issueledger.admission.Turns.Turn;
import issueledger.admission.WarmUp;
import issueledger.events.InvalidValue;
import issueledger.http.Problems;
import issueledger.startup.Settings;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authorization.AuthenticatedAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.BearerTokenErrors;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.StaticHeadersWriter;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.web.servlet.handler.MappedInterceptor;

/** Requires tokens if an issuer is configured, with the filters of Spring's OAuth2 resource server. */
@Configuration(proxyBeanMethods = false)
@Conditional(AccessConfiguration.OnIssuer.class)
@Import(Callers.class)
public class AccessConfiguration {
    /** Maximum difference between the issuer's clock and ours. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

    @Bean
    IssuerKeys issuersKeys(Settings settings) {
        String issuer = settings.jwtIssuer();
        String jwkSetUri = settings.jwkSetUri();
        if (jwkSetUri.isEmpty()) {
            return new IssuerKeys(issuer, new Discovery(issuer), System::nanoTime).start();
        }
        return new IssuerKeys(issuer.isEmpty() ? jwkSetUri : issuer, web -> jwkSetUri, System::nanoTime).start();
    }

    @Bean
    JwtDecoder jwtDecoder(IssuerKeys keys, Settings settings) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSource(keys)
                .jwsAlgorithms(algorithms ->
                        Collections.addAll(algorithms, SignatureAlgorithm.RS256, SignatureAlgorithm.ES256))
                .build();
        JwtTimestampValidator times = new JwtTimestampValidator(CLOCK_SKEW);
        times.setAllowEmptyExpiryClaim(false);
        JwtTypeValidator type = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
        type.setAllowEmpty(true);
        List<OAuth2TokenValidator<Jwt>> checks = new ArrayList<>(List.of(times, type, AccessConfiguration::subject));
        if (!settings.jwtIssuer().isEmpty()) {
            checks.add(new JwtIssuerValidator(settings.jwtIssuer()));
        }
        if (!settings.jwtAudience().isEmpty()) {
            checks.add(new JwtAudienceValidator(settings.jwtAudience()));
        }
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(checks));
        return decoder;
    }

    /** The subject becomes the actor in the events' metadata. */
    private static OAuth2TokenValidatorResult subject(Jwt token) {
        if (!(sent(token).get(JwtClaimNames.SUB) instanceof String subject)) {
            return OAuth2TokenValidatorResult.failure(invalid("The sub claim is missing, or no string"));
        }
        try {
            Caller.line(subject);
            return OAuth2TokenValidatorResult.success();
        } catch (InvalidValue e) {
            return OAuth2TokenValidatorResult.failure(
                    invalid("The sub claim " + e.offences().get(0).detail()));
        }
    }

    /** The claims unconverted: Nimbus would make a string of a number. */
    private static Map<String, Object> sent(Jwt token) {
        try {
            return JWSObject.parse(token.getTokenValue()).getPayload().toJSONObject();
        } catch (ParseException e) {
            throw new IllegalStateException("a token that was verified cannot be read", e);
        }
    }

    private static OAuth2Error invalid(String description) {
        return new OAuth2Error("invalid_token", description, null);
    }

    @Bean
    FilterRegistrationBean<FilterChainProxy> tokens(
            JwtDecoder decoder, Rules rules, Callers callers, Settings settings) {
        JwtAuthenticationProvider provider = new JwtAuthenticationProvider(decoder);
        provider.setJwtAuthenticationConverter(token -> new JwtAuthenticationToken(
                token,
                new Caller(String.valueOf(token.getSubject()), Role.in(token.getClaims(), settings.rolesClaim())),
                List.of()));
        BearerTokenAuthenticationConverter converter = new BearerTokenAuthenticationConverter();
        converter.setBearerTokenResolver(AccessConfiguration::tokenOf);
        Unauthenticated unauthenticated = new Unauthenticated();
        BearerTokenAuthenticationFilter bearer =
                new BearerTokenAuthenticationFilter(new ProviderManager(provider), converter);
        bearer.setAuthenticationEntryPoint(unauthenticated);
        bearer.setAuthenticationFailureHandler(unauthenticated);
        FilterChainProxy chain = new FilterChainProxy(new DefaultSecurityFilterChain(
                request -> !rules.areOpenTo(request) && !WarmUp.isWarmUp(request),
                new HeaderWriterFilter(List.of(new StaticHeadersWriter("Cache-Control", "no-store"))),
                bearer,
                new ExceptionTranslationFilter(unauthenticated, new NullRequestCache()),
                new AuthorizationFilter(AuthenticatedAuthorizationManager.authenticated()),
                (request, response, rest) -> {
                    Authentication token = SecurityContextHolder.getContext().getAuthentication();
                    if (token != null && token.getPrincipal() instanceof Caller caller) {
                        callers.accept(request, caller, until(token));
                        Turn turn = AdmissionValve.turnOf(request);
                        if (turn != null) {
                            try {
                                turn.identify("subject " + caller.actor());
                            } catch (Overloaded e) {
                                Problems.write(e, (HttpServletRequest) request, (HttpServletResponse) response);
                                return;
                            }
                        }
                    }
                    rest.doFilter(request, response);
                }));
        chain.setFirewall(new AsItIs());
        FilterRegistrationBean<FilterChainProxy> registration = new FilterRegistrationBean<>(chain);
        registration.setOrder(
                Ordered.HIGHEST_PRECEDENCE + 4); // Behind Loopback, and behind the preflights of the page.
        registration.setDispatcherTypes(DispatcherType.REQUEST);
        return registration;
    }

    /** As {@link JwtTimestampValidator} decides. */
    private static @Nullable Instant until(Authentication accepted) {
        Instant expiry = accepted.getCredentials() instanceof Jwt token ? token.getExpiresAt() : null;
        return expiry == null ? null : expiry.plus(CLOCK_SKEW);
    }

    /** Reads the header only: Spring's resolver also reads query and form, and would then parse the body and fail on bad escapes. */
    private static @Nullable String tokenOf(HttpServletRequest request) {
        List<String> given = Collections.list(request.getHeaders("Authorization"));
        if (given.isEmpty() || !given.get(0).regionMatches(true, 0, "Bearer", 0, 6)) {
            return null;
        }
        String token = given.get(0).substring(6).strip();
        if (given.size() > 1
                || token.isEmpty()
                || !Character.isWhitespace(given.get(0).charAt(6))) {
            throw new OAuth2AuthenticationException(BearerTokenErrors.invalidToken("Authorization is malformed"));
        }
        return token;
    }

    /** In every handler mapping, including actuator's. */
    @Bean
    MappedInterceptor roles(Rules rules, Callers callers) {
        return new MappedInterceptor(null, new RoleCheck(rules, callers));
    }

    /**
     * Spring's firewall refuses odd paths because a rule and a handler might read them differently. Here both use the same parser, and an
     * odd path gets the same answer as without tokens, after the 401.
     */
    private static final class AsItIs implements HttpFirewall {
        @Override
        public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
            return new FirewalledRequest(request) {
                @Override
                public void reset() {}
            };
        }

        @Override
        public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
            return response;
        }
    }

    /** True if requests need tokens. */
    static final class OnIssuer implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return isIn(context.getEnvironment());
        }

        static boolean isIn(Environment environment) {
            return !environment.getProperty("issue-ledger.jwt-issuer", "").isEmpty()
                    || !environment.getProperty("issue-ledger.jwk-set-uri", "").isEmpty();
        }
    }
}
