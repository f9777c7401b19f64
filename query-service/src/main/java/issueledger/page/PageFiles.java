package issueledger.page;

import issueledger.http.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.webjars.WebJarVersionLocator;

/** The page's files: its own, and those of the libraries out of their jars. */
@Configuration(proxyBeanMethods = false)
class PageFiles implements WebMvcConfigurer {
    private static final String OWN = "classpath:/issueledger/ui/";

    private static final List<String> LIBRARIES =
            List.of("lit", "lit-html", "lit-element", "lit__reactive-element", "marked", "uplot");

    private final Map<Resource, String> tags = new ConcurrentHashMap<>();

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        add(registry, "/ui/**", OWN);
        LIBRARIES.forEach(name -> add(registry, "/ui/lib/" + name + "/**", webjar(name)));
    }

    private static String webjar(String name) {
        return "classpath:/META-INF/resources/webjars/" + name + "/" + new WebJarVersionLocator().version(name) + "/";
    }

    /** A browser asks each time whether a file is still the same. The times in a reproducible jar would not tell. */
    private void add(ResourceHandlerRegistry registry, String pattern, String location) {
        registry.addResourceHandler(pattern)
                .addResourceLocations(location)
                .setCacheControl(CacheControl.noCache())
                .setUseLastModified(false)
                .setEtagGenerator(file -> tags.computeIfAbsent(file, PageFiles::tag));
    }

    /** Weak, since the connector compresses it. */
    private static String tag(Resource file) {
        try {
            return "W/\"" + ContentHash.of(file.getContentAsByteArray()) + "\"";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
